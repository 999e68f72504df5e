"""The till: a basket filled by keyboard, scanner and scale, closed in one gesture."""
