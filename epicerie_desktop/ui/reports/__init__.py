"""« Rapports »: the figures of a year, a quarter, a month or any period, and the hours volunteers give."""
