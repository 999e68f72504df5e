"""Make the pictures of the guide: the program photographs its own screens, then each file is made lighter.

`python tools/guide_pictures.py` writes `docs/guide/images`; run it again whenever a screen changes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

PROJECT = Path(__file__).resolve().parents[1]
IMAGES = PROJECT / "docs" / "guide" / "images"
COLOURS = 96
"""Enough for flat screens and the edges of their letters; a third of the weight."""
MOST_BYTES = 2_000_000


def photograph(folder: Path) -> list[Path]:
    """Have the program write a picture of each screen, and return them in the order of their names."""
    subprocess.run(
        [sys.executable, "-m", "epicerie_desktop", "--screenshots", str(folder)],
        cwd=PROJECT, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return sorted(folder.glob("*.png"))


def lighten(path: Path) -> int:
    """Write a picture again with a palette of few colours, and return its bytes."""
    with Image.open(path) as picture:
        flat = picture.convert("RGB")
    flat.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    path.chmod(0o644)
    return path.stat().st_size


def main() -> int:
    """Make every picture; return 1 where together they weigh too much."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    IMAGES.chmod(0o755)
    total = sum(lighten(path) for path in photograph(IMAGES))
    sys.stdout.write(f"{total // 1000} ko\n")
    return 0 if total <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
