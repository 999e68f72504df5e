"""« Caisse »: the drawer, opened and counted, and the closings of the till."""
