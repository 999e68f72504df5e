"""Rights: règlements, weighing, deciding, committee, waiting list, suspensions, exceptional visits."""
