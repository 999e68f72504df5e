"""The support file of a household: one screen, a page a part, in the order of an accompaniment."""
