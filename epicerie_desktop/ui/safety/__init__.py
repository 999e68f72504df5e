"""Food safety: recalls, cold chain, the end of the day, allergens, the open catalogue."""
