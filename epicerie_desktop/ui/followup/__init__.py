"""The worker's desk: the agenda of the week, what is to do across households, the workshops."""
