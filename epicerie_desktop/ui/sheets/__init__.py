"""The sheet of the month and the totals of a period, on screen before they go on paper."""
