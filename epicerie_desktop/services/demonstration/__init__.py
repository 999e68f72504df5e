"""The demonstration: invented shops, living today, beside a closed contract whose lines really add up. Deterministic."""

PASSPHRASE = "quatre vents sur la planèze"
"""Opens every file of every demonstration: nothing in them is anyone's."""
ACCOUNTS = {"Bénévoles": "trois pommes dans le panier", "Secrétariat": "l'ordre du jour est affiché"}
"""The other accounts of a demonstration shop and what opens them: volunteers, and the committee's secretary."""
