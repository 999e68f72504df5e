"""What was understood of a label, in a sentence: a person corrects what a scanner misread."""

from __future__ import annotations

from epicerie_desktop.domain.codes import Scan
from epicerie_desktop.domain.layouts import Layout, choose
from epicerie_desktop.support import format as shown
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext


def facts(scan: Scan) -> str:
    """Return what a label says besides its article: « 0,750 kg, lot A12, DLC 12/12/2026 »; empty where it says nothing."""
    said = []
    if scan.grams is not None:
        said.append(shown.kilos(scan.grams))
    if scan.count is not None:
        said.append(ngettext("{n} pièce", "{n} pièces", scan.count).format(n=scan.count))
    if scan.cents is not None:
        said.append(_("prix du magasin {price}").format(price=shown.money(scan.cents)))
    if scan.lot:
        said.append(_("lot {code}").format(code=scan.lot))
    if scan.use_by is not None:
        said.append(_("DLC {day}").format(day=shown.day(scan.use_by)))
    if scan.best_before is not None:
        said.append(_("DDM {day}").format(day=shown.day(scan.best_before)))
    return ", ".join(said)


def understood(scan: Scan, layouts: tuple[Layout, ...] = (), digits: str = "") -> str:
    """Return what was understood, with the donor whose layout read it and the caution to keep; empty where it said nothing."""
    said = facts(scan)
    layout = choose(layouts, digits) if scan.kind.startswith("rcn") and digits else None
    sentence = ""
    if said and layout is not None and layout.source:
        sentence = _("Étiquette « {donor} » : {facts}.").format(donor=layout.source, facts=said)
    elif said:
        sentence = _("Lu sur l'étiquette : {facts}.").format(facts=said)
    caution = _(scan.problem) if scan.valid and scan.problem and said else ""
    return " ".join(part for part in (sentence, caution) if part)
