"""What a report reads: one function a part of it, each with few statements whatever the years behind it."""
