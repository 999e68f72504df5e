"""The counter program of a social grocery (épicerie sociale). This package's tree is told in docs/architecture.md."""

__version__ = "0.1.0"
