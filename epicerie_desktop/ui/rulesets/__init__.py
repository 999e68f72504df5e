"""Writing the règlement of the shop."""
