"""Open Food Facts as a help: a file brought on a stick becomes a catalogue beside the database, asked only for codes unknown here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from epicerie_desktop.domain.recalls import trade_code
from epicerie_desktop.domain.safety import Allergen, Presence
from epicerie_desktop.exchange import off_file
from epicerie_desktop.persistence import open_catalogue as stored
from epicerie_desktop.persistence.models import ArticleCode
from epicerie_desktop.persistence.open_catalogue import StoredProduct
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.features import features_in
from epicerie_desktop.services.safety.allergens import allergens_of, save_allergens
from epicerie_desktop.services.team import require_team
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

ATTRIBUTION = N_(
    "Données : Open Food Facts et ses contributeurs, sous licence Open Database License (ODbL) 1.0 ; contenu sous Database Contents License."
)
LICENCE_LINK = "https://opendatacommons.org/licenses/odbl/1-0/"
SOURCE_LINK = "https://world.openfoodfacts.org"


class Stopped(BadInput):
    """The reading was interrupted by the person: the catalogue is as it was."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the open catalogue says of a code: to be read and corrected, never trusted for an allergy."""

    code: str
    name: str
    brand: str
    quantity: str
    grams: int | None
    present: tuple[Allergen, ...]
    traces: tuple[Allergen, ...]

    @property
    def title(self) -> str:
        """Return its name as an article's: the name, the brand unless it is in it, the quantity."""
        parts = [self.name]
        if self.brand and self.brand.casefold() not in self.name.casefold():
            parts.append(self.brand)
        if self.quantity and self.quantity.casefold() not in self.name.casefold():
            parts.append(self.quantity)
        return " ".join(parts)

    @property
    def allergens(self) -> dict[Allergen, Presence]:
        """Return what it says of allergens; what it does not say stays unknown."""
        return dict.fromkeys(self.traces, Presence.TRACES) | dict.fromkeys(self.present, Presence.PRESENT)


@dataclass(frozen=True, slots=True)
class CatalogueState:
    """The catalogue there is: how many products, and the day it was made."""

    products: int
    made_on: date | None


def catalogue_path(desk: Desk) -> Path | None:
    """Return where the catalogue is kept: beside the database, None for a database without a file."""
    return desk.db.path.with_name(stored.FILE_NAME) if desk.db.path is not None else None


def catalogue_state(desk: Desk) -> CatalogueState | None:
    """Return what catalogue there is, None without one."""
    path = catalogue_path(desk)
    meta = stored.read_meta(path) if path is not None else {}
    if not meta:
        return None
    made = meta.get("made_on", "")
    return CatalogueState(int(meta.get("products", "0")), date.fromisoformat(made) if made else None)


def import_catalogue(
    desk: Desk, source: Path, progress: Callable[[int, int], None] = lambda done, of: None, cancelled: Callable[[], bool] = lambda: False  # noqa: ARG005
) -> CatalogueState:  # fmt: skip
    """Make the catalogue from an export, in the place of the one there, and return what it holds. Nothing of the shop changes.

    Raises `BadInput` for another kind of file, `Stopped`, `EnvironmentTrouble`, `RuleRefused` for a volunteer: the old one stays.
    """
    require_team(desk)
    path = catalogue_path(desk)
    if path is None:
        raise BadInput(N_("Cette base n'a pas de fichier : le catalogue n'a pas de place."))
    today = desk.clock.today()
    meta = {
        "source": SOURCE_LINK, "licence": "ODbL 1.0", "licence_link": LICENCE_LINK, "notice": ATTRIBUTION, "made_on": today.isoformat(),
    }  # fmt: skip
    count = stored.write_catalogue(path, _stored(source, progress, cancelled), meta)
    return CatalogueState(count, today)


def _stored(
    source: Path, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> Iterator[StoredProduct]:
    for p in off_file.read_products(source, progress, cancelled):
        yield StoredProduct(
            p.code, p.name, p.brand, p.quantity, p.grams, ",".join(sorted(p.present)), ",".join(sorted(p.traces))
        )
    if cancelled():
        raise Stopped(N_("La lecture est interrompue : le catalogue est resté tel qu'il était."))


def proposal(desk: Desk, code: str) -> Proposal | None:
    """Return what the open catalogue says of a code unknown here, None for a code known, a shop's own, or not there.

    Its allergens are told where the shop uses them.
    """
    path, bare = catalogue_path(desk), trade_code(code.strip())
    if path is None or bare is None or not path.is_file():
        return None
    with desk.db.read() as session:
        if session.get(ArticleCode, bare) is not None:
            return None
        told = features_in(session).allergens
    found = stored.find_product(path, bare)
    if found is None:
        return None
    return Proposal(
        bare,
        found.name,
        found.brand,
        found.quantity,
        found.grams,
        _allergens(found.present if told else ""),
        _allergens(found.traces if told else ""),
    )


def _allergens(text: str) -> tuple[Allergen, ...]:
    known = set(text.split(","))
    return tuple(a for a in Allergen if a.value in known)


def take_allergens(desk: Desk, article: int, found: Proposal) -> None:
    """Keep what the open catalogue says of an article's allergens, where it knows nothing itself."""
    if found.allergens and not allergens_of(desk, article):
        save_allergens(desk, article, found.allergens)
