"""The stock: what came in, what is there, what expires, what the book has wrong, and the catalogue."""
