"""What a person sees: one query a screen, frozen rows. Nothing here writes."""
