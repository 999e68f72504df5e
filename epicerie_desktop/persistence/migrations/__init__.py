"""Alembic's folder: plain numbers, forward only, importing no class of the program."""
