"""Paper: frozen rows in, the bytes of a PDF out, the same rows giving the same bytes. Knows neither database nor window."""
