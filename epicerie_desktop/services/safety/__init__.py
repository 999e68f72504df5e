"""Recalls, temperatures, the end of the day, allergens: the gestures of food safety."""
