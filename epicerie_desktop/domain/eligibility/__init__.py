"""Who may shop and how: a règlement as data, a household's situation, and the answer with every step of the sum.

Begin with `rules.py` (what a règlement says), `ruleset.py` (reading it from TOML), `situation.py`, `engine.py` (`evaluate`).
"""
