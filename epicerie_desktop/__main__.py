"""`epicerie-desktop`: files private to this account, faults told, then the windows."""

from __future__ import annotations

import argparse
import faulthandler
import gc
import os
import sys
from collections.abc import Sequence

from epicerie_desktop import __version__

MISSING = (
    "Il manque une bibliothèque du système pour ouvrir les fenêtres : {what}\n"
    "Sur Debian ou Ubuntu, lancez « python3 installer.py install » : il dit laquelle et l'installe.\n"
)


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the arguments of the windows."""
    parser = argparse.ArgumentParser(
        prog="epicerie-desktop", description="Le programme de comptoir de l'épicerie sociale."
    )
    parser.add_argument("--version", action="version", version=f"epicerie-desktop {__version__}")
    parser.add_argument("--demo", nargs="?", const="shop", choices=["shop", "coordinator"], help="la démonstration")
    parser.add_argument("--database", help="le fichier de données à ouvrir")
    parser.add_argument("--account", help="le compte proposé, ou celui de la démonstration")
    parser.add_argument("--language", help="fr, en")
    parser.add_argument("--theme", help="light, contrast")
    parser.add_argument("--check", action="store_true", help="vérifier que le programme s'ouvre, et quitter")
    parser.add_argument("--screenshots", metavar="DIR", help="photographier chaque écran de la démonstration")
    parser.add_argument("--size", default="1366x768", help="la taille des photographies")
    parser.add_argument("--json", action="store_true", help="répondre par un objet JSON")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Open the windows and return the exit code."""
    # A start makes many lasting objects: collecting among them cost a tenth of it (docs/mesures.md).
    gc.disable()
    os.umask(0o077)
    args = arguments(argv)
    if args.screenshots or args.check:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from epicerie_desktop import app
    except ImportError as error:
        if "cannot open shared object" not in str(error):
            raise
        sys.stderr.write(MISSING.format(what=str(error).split(":", 1)[0]))
        return 3
    from epicerie_desktop.support import log

    faulthandler.enable(log.start())
    return app.run(args)


if __name__ == "__main__":
    sys.exit(main())
