"""Parcels that travel between a counter and its coordinator: their form, their seal, and the stick that carries them."""
