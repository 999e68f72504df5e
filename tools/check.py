"""Run every check of the house and print a line for each: the same script for a person and for CI."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
LAYERS = "import sys; from importlinter.cli import lint_imports_command; sys.argv[1:] = ['--no-cache']; lint_imports_command()"

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff : règles", ("-m", "ruff", "check", ".")),
    ("ruff : mise en forme", ("-m", "ruff", "format", "--check", ".")),
    ("mypy : types du programme", ("-m", "mypy")),
    ("mypy : types des outils", ("-m", "mypy", "installer.py", "tools")),
    ("import-linter : étages", ("-c", LAYERS)),
    ("traductions", ("tools/translations.py", "check")),
    ("définitions", ("tools/definitions.py", "check")),
)


def main() -> int:
    """Run the checks, or those whose name contains a word of the command line; return 1 if any fails."""
    asked = sys.argv[1:]
    failed = 0
    for name, arguments in CHECKS:
        if asked and not any(word in name for word in asked):
            continue
        begun = time.monotonic()
        answer = subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env={**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        good = answer.returncode == 0
        failed += not good
        print(f"{'bon   ' if good else 'ÉCHEC '} {name} ({time.monotonic() - begun:.1f} s)", flush=True)
        if not good:
            print(answer.stdout, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
