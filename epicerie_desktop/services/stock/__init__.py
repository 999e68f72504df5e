"""What comes in, what goes out of the storeroom and what it is called: the gestures of the stock."""
