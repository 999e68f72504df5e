"""Measure the rule of the distinct families on invented territories, and keep the figures that the program prints.

python tools/measure_distinct.py            says what it finds
python tools/measure_distinct.py --write    also writes resources/measures/distinct.toml
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from epicerie_desktop.services.demonstration.territory import Measured, measure  # noqa: E402

TARGET = ROOT / "resources" / "measures" / "distinct.toml"


def written(found: Measured) -> str:
    """Return the file of the figures, its command first."""
    names = (
        "movers_permille",
        "seeds",
        "shops",
        "families",
        "families_permille",
        "persons_permille",
        "unkeyed_permille",
    )
    lines = [
        "# L'erreur du compte des foyers distincts, mesurée sur un territoire inventé (docs/decisions/0089), en millièmes.",
        "# families_permille et persons_permille : la plus grande des graines ; unkeyed_permille : la plus petite, sans aucune clé.",
        'command = "python tools/measure_distinct.py --write"',
        *(f"{name} = {getattr(found, name)}" for name in names),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, say it, and write it where asked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", action="store_true")
    found = written(measure())
    print(found, end="")
    if asked.parse_args().write:
        TARGET.parent.mkdir(exist_ok=True)
        TARGET.write_text(found, "utf-8")


if __name__ == "__main__":
    main()
