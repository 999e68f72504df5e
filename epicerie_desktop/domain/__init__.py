"""Rules on frozen values: no file, no clock, no random, no Qt, no SQL."""
