"""Households: files, members and their stays, cards, separation, merge, reserved files."""
