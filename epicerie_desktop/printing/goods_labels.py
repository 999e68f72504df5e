"""Labels of shelves (name, value, code to scan) and of lots (dates, origin, number), 24 to an A4 sheet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from epicerie_desktop.domain.basket import SoldBy
from epicerie_desktop.domain.dates import written
from epicerie_desktop.domain.goods_labels import LotLabel, ShelfLabel
from epicerie_desktop.domain.labels import label
from epicerie_desktop.printing import label_sheet
from epicerie_desktop.printing.codes import draw_code128
from epicerie_desktop.printing.label_sheet import HEIGHT, PAD, WIDTH
from epicerie_desktop.printing.style import INK, MM, MUTED, WHITE, Paper
from epicerie_desktop.support.format import kilos, money
from epicerie_desktop.support.i18n import gettext as _

_BAR = 9 * MM
_LONGEST_CODE = 20


def shelf_labels(rows: Sequence[ShelfLabel], line: str = "") -> bytes:
    """Return the PDF of shelf labels, one an article, with the line of the shop. Raises `ValueError` for none."""
    return label_sheet.render(_("Étiquettes de rayon"), rows, partial(_draw_shelf, line=line))


def lot_labels(rows: Sequence[LotLabel], line: str = "") -> bytes:
    """Return the PDF of lot labels, one a lot, with the line of the shop. Raises `ValueError` for none."""
    return label_sheet.render(_("Étiquettes de lots"), rows, partial(_draw_lot, line=line))


def _draw_shelf(paper: Paper, row: ShelfLabel, x: float, y: float, line: str) -> None:
    label_sheet.name(paper, row.article, x, y + HEIGHT - 4 * MM)
    left, right = x + PAD, x + WIDTH - PAD
    low = y + (_BAR + 6.5 * MM if row.code else 7 * MM)
    told = row.family if row.net_grams is None else f"{row.family} · {kilos(row.net_grams)}"
    paper.text(left, low, paper.wrap(told, WIDTH / 2 - PAD, 8.5)[0], 8.5, colour=MUTED)
    if row.cents is not None:
        unit = _("le kilo") if row.sold_by is SoldBy.WEIGHT else _("la pièce")
        across = paper.measure(unit, 8.5) + 4
        paper.text(right, low, unit, 8.5, align="right")
        paper.text(right - across, low, money(row.cents), 15, bold=True, align="right")
    if row.code:
        up = 2.8 * MM if line else 0
        draw_code128(paper, row.code[:_LONGEST_CODE], left, y + 5.5 * MM + up, WIDTH - 2 * PAD, _BAR - up)
        paper.text(x + WIDTH / 2, y + 2.4 * MM + up, row.code, 7.5, colour=MUTED, align="centre")
    paper.text(x + WIDTH / 2, y + 2.4 * MM, line, label_sheet.LINE_SIZE, colour=MUTED, align="centre")


def _draw_lot(paper: Paper, row: LotLabel, x: float, y: float, line: str) -> None:
    left, right, room = x + PAD, x + WIDTH - PAD, WIDTH - 2 * PAD
    label_sheet.name(paper, row.article, x, y + HEIGHT - 4 * MM)
    if row.aside:
        paper.box(left, y + 13.6 * MM, room, 6 * MM, fill=INK, stroke=None, radius=2)
        paper.text(x + WIDTH / 2, y + 15.4 * MM, _("Mis de côté : ne pas distribuer"), 10, bold=True, colour=WHITE, align="centre")  # fmt: skip
    elif row.limit_on is not None:
        on = f"{label(row.date_kind)} {written(row.limit_on, row.precision)}"
        paper.text(left, y + 15 * MM, on, 13, bold=True)
    paper.text(right, y + 15 * MM if not row.aside else y + 21 * MM, row.amount, 10, align="right")
    days = [_("reçu le {day}").format(day=written(row.received_on))]
    if row.frozen_on is not None:
        days.append(_("congelé le {day}").format(day=written(row.frozen_on)))
    numbers = [_("n° {n}").format(n=row.number), *([_("lot {code}").format(code=row.code)] if row.code else [])]
    # A supplier often bears the name of the origin: said once.
    known = (row.supplier,) if row.supplier.startswith(row.origin) else (row.origin, row.supplier)
    lines = (", ".join(days), " · ".join(t for t in known if t), " · ".join(numbers))
    first, step = (11.4, 3.1) if line else (11.0, 3.6)
    for place, told in enumerate(lines):
        paper.text(
            left, y + (first - step * place) * MM, paper.wrap(told, room, 8.5)[0], 8.5, colour=INK if place == 2 else MUTED
        )  # fmt: skip
    paper.text(left, y + 2.2 * MM, line, label_sheet.LINE_SIZE, colour=MUTED)
