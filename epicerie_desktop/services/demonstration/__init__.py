"""The demonstration: invented shops, living today, beside a closed contract whose lines really add up. Deterministic."""

PASSPHRASE = "quatre vents sur la planèze"
"""Opens every file of every demonstration: nothing in them is anyone's."""
