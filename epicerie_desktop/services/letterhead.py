"""The logo of the shop, drawn at the head of its papers."""

from __future__ import annotations

from pathlib import Path

from epicerie_desktop.persistence.models import Shop
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.team import require_team
from epicerie_desktop.services.writing import seal_in_journal
from epicerie_desktop.support.errors import EnvironmentTrouble
from epicerie_desktop.support.i18n import N_


def read_logo_file(path: Path) -> bytes:
    """Return the logo a person chose, made ready for paper. Raises `BadInput` for what is no picture, `EnvironmentTrouble`."""
    from epicerie_desktop.printing import logo

    try:
        with path.open("rb") as handle:
            content = handle.read(logo.MOST_BYTES + 1)
    except OSError as error:
        raise EnvironmentTrouble(
            "FIC-203", N_("Cette image ne peut pas être lue : vérifiez que le fichier est bien là, puis recommencez.")
        ) from error
    return logo.prepared(content)


def save_logo(desk: Desk, logo: bytes | None) -> None:
    """Keep the logo of the shop, as `read_logo_file` gives it, or none. Raises `RuleRefused` for a volunteer."""
    require_team(desk)
    with desk.db.write() as session:
        shop = session.get_one(Shop, 1)
        shop.logo = logo
        seal_in_journal(session, desk, "shop.logo", {"bytes": len(logo or b"")})
