"""The counter: who comes in, where they stand today, the baskets in hand and the day's tickets."""
