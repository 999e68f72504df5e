"""The monthly distribution sheet, in any of its forms, alone or with others in one file. Knows no name unless asked with names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from epicerie_desktop.domain.data_table import NOTHING
from epicerie_desktop.domain.duplicates import duplicate_words, marked
from epicerie_desktop.domain.figures import DEFINITIONS, Kilos, Totals, totals
from epicerie_desktop.domain.labels import change_words
from epicerie_desktop.domain.labels import label as called
from epicerie_desktop.domain.month_forms import SheetForm
from epicerie_desktop.domain.months import Change
from epicerie_desktop.domain.sheets import MonthSheet, SheetState, require_sum, with_unknown
from epicerie_desktop.printing import head, month_grid
from epicerie_desktop.printing.figures import apart_words, part_of
from epicerie_desktop.printing.month_grid import Grid
from epicerie_desktop.printing.style import A4, A4_LANDSCAPE, ACCENT, MM, MUTED, Paper
from epicerie_desktop.printing.table import Column, Table
from epicerie_desktop.support.clock import PARIS
from epicerie_desktop.support.format import day, instant, month, number, plain_kilos, plain_money
from epicerie_desktop.support.i18n import gettext as _
from epicerie_desktop.support.i18n import ngettext

Step = Callable[[int, int], None]
"""Told how many sheets are made out of how many, before each; it may raise to stop the work."""
_SIGNATURE = 28 * MM
_CONTROL = 27.0
"""Points for the control line and its note, on the page of the total."""
_SIDE_BY_SIDE = 640.0
"""Points of width from which the definitions stand beside the small tables, not under them."""


def render(sheet: MonthSheet, *, portrait: bool = False) -> bytes:
    """Return the PDF of one sheet, A4. Raises `SumsDiffer` if the printed lines do not add up to the totals."""
    return render_all((sheet,), portrait=portrait)


def render_all(sheets: Sequence[MonthSheet], *, portrait: bool = False, step: Step = lambda _done, _of: None) -> bytes:
    """Return one PDF of several sheets, each from a page of its own, pages numbered over the whole. Raises `SumsDiffer`.

    The small tables, the definitions and the amendments of a month stand once, after the last of its sheets that follow each other.
    """
    paper = Paper(A4 if portrait else A4_LANDSCAPE, _title(sheets), margin=11 * MM)
    for n, sheet in enumerate(sheets):
        step(n, len(sheets))
        following = sheets[n + 1] if n + 1 < len(sheets) else None
        _draw(paper, sheet, ends=following is None or following.month != sheet.month)
    return paper.finish()


def _title(sheets: Sequence[MonthSheet]) -> str:
    titles = dict.fromkeys(_named(sheet) for sheet in sheets)
    if len(titles) <= 1:
        return next(iter(titles), "")
    return ngettext("{n} feuille de distribution", "{n} feuilles de distribution", len(sheets)).format(
        n=number(len(sheets))
    )


def _named(sheet: MonthSheet) -> str:
    title = _("Feuille de distribution – {month}").format(month=month(sheet.month))
    if sheet.form is SheetForm.HOUSEHOLD:
        return title
    return _("{title} – {form}").format(title=title, form=called(sheet.form))


def _draw(paper: Paper, sheet: MonthSheet, *, ends: bool) -> None:
    whole = totals([sheet.figures])
    title = _named(sheet)
    mark = _("{title} – {mark}").format(title=title, mark=_mark(sheet))
    paper.begin(title, foot=f"{sheet.shop.name} – {mark}", running=mark)
    _draw_head(paper, sheet)
    grid = month_grid.grid_of(sheet, whole)
    grid.check()
    _check(sheet, whole)
    month_grid.draw(paper, grid, _CONTROL)
    _draw_control(paper, grid, whole)
    if ends:
        if sheet.apart is not None:
            paper.paragraph(apart_words(sheet.apart), 8)
        _draw_end(paper, sheet, whole)
        _draw_amendments(paper, sheet)
    _draw_notes(paper, sheet)
    paper.write_last_words()
    _draw_signatures(paper, sheet)


def _mark(sheet: MonthSheet) -> str:
    """Return what every page says of the sheet: provisional, or which closing it is; and that it is made again."""
    if sheet.state is SheetState.PROVISIONAL:
        return _("provisoire, arrêtée au {day}").format(day=day(sheet.closed_on))
    known = sheet.mark or _("arrêtée au {day} – version {version}").format(
        day=day(sheet.closed_on), version=sheet.version
    )
    return marked(known, sheet.duplicate)


def _check(sheet: MonthSheet, whole: Totals) -> None:
    """Compare what the lines do not show, and the totals known from elsewhere. Raises `SumsDiffer`.

    Persons are left out of the columns added up: one who changed household within the month stands on two lines and counts for one.
    """
    require_sum(
        _("Kilos pesés et estimés"), sum(n.estimated_grams for n in sheet.figures.households), whole.estimated_grams
    )
    require_sum(_("Kilos par provenance"), sum(g for _code, g in sheet.figures.grams_by_origin), whole.grams)
    if sheet.announced is not None:
        for what, mine, theirs in (
            (_("Foyers"), whole.families, sheet.announced.families),
            (_("Personnes"), whole.persons, sheet.announced.persons),
            (_("Passages"), whole.visits, sheet.announced.visits),
            (_("Kilos (en grammes)"), whole.grams, sheet.announced.grams),
            (_("Valeur €"), whole.shelf_cents, sheet.announced.shelf_cents),
            (_("Payé €"), whole.paid_cents, sheet.announced.paid_cents),
        ):
            require_sum(what, mine, theirs)


def _draw_head(paper: Paper, sheet: MonthSheet) -> None:
    closed = sheet.state is SheetState.CLOSED
    state = _("MOIS CLOS") if closed else _("PROVISOIRE")
    if closed:
        details = [_("Arrêtée au {day} – version {version}").format(day=day(sheet.closed_on), version=sheet.version)]
    else:
        details = [_("Arrêtée au {day}, mois pas encore clos").format(day=day(sheet.closed_on))]
    if sheet.mark:
        details.append(sheet.mark[:1].upper() + sheet.mark[1:])
    details.append(_("Imprimée le {instant}").format(instant=instant(sheet.printed_at)))
    if sheet.duplicate is not None:
        details.append(duplicate_words(sheet.duplicate))
        state = _("{state} – DUPLICATA").format(state=state)
    title = _("Feuille de distribution mensuelle")
    subtitle = month(sheet.month)
    if sheet.form is not SheetForm.HOUSEHOLD:
        subtitle = _("{month}, {form}").format(month=subtitle, form=called(sheet.form))
    head.draw(paper, sheet.shop, title, subtitle, details, mark=state, solid=closed)


def _draw_control(paper: Paper, grid: Grid, whole: Totals) -> None:
    """Write the box that adds the lines up again, what the month saved, and what a total is not the sum of."""
    shown = _("Contrôle : somme des lignes = total ({lines} kg = {total} kg ; {households}).").format(
        lines=grid.kilos(grid.grams), total=grid.kilos(whole.grams), households=_households(whole.families),
    )  # fmt: skip
    paper.y -= 4
    paper.paragraph(shown, 8, bold=True, colour=ACCENT)
    if grid.note:
        paper.paragraph(grid.note, 8, colour=MUTED)


def _households(count: int) -> str:
    return ngettext("{count} foyer", "{count} foyers", count).format(count=number(count))


def _draw_end(paper: Paper, sheet: MonthSheet, whole: Totals) -> None:
    """Draw the kilos by origin, what was weighed, and the definitions beside them, or under them on a narrow page."""
    gap = 9 * MM
    beside = paper.width >= _SIDE_BY_SIDE
    left = paper.width * (0.32 if beside else 0.6)
    x = paper.left + left + gap if beside else paper.left
    texts = [(_(name), _(meaning)) for _key, name, meaning in DEFINITIONS]
    size = 7.6
    told = _month_words(sheet, whole)
    lines = [*told, *(f"{n} – {m}" for n, m in texts)]
    tall = sum(len(paper.wrap(line, paper.right - x, size)) * size * 1.3 + 1.6 for line in lines) + 38
    small = (len(_origin_rows(sheet, whole)) + 3 + 7) * 12 + 26
    paper.need((max(tall, small) if beside else small) + 12 + _SIGNATURE)
    paper.y -= 12
    top = paper.y
    _draw_small_tables(paper, sheet, whole, left)
    foot = paper.y
    if beside:
        paper.y = top
    else:
        paper.need(tall + 10 + _SIGNATURE)
        paper.y -= 10
    paper.paragraph(_("Le mois en quelques mots"), 9.5, x=x, bold=True, colour=ACCENT, after=3)
    for line in told:
        paper.paragraph(line, size, x=x, leading=1.3, after=1.6)
    paper.y -= 6
    paper.paragraph(_("Ce que comptent ces chiffres"), 9.5, x=x, bold=True, colour=ACCENT, after=3)
    for name, meaning in texts:
        paper.paragraph(_("{name} – {meaning}").format(name=name, meaning=meaning), size, x=x, leading=1.3, after=1.6)
    if beside:
        paper.y = min(paper.y, foot)


def _draw_small_tables(paper: Paper, sheet: MonthSheet, whole: Totals, width: float) -> None:
    paper.paragraph(_("Kilos par provenance"), 9.5, bold=True, colour=ACCENT, after=3)
    columns = [Column(_("Provenance")), Column(_("kg"), 58, right=True), Column(_("Part"), 44, right=True)]
    Table(paper, columns, size=8, width=width).draw(
        _origin_rows(sheet, whole), [_("Total"), plain_kilos(whole.grams), ""], empty=_("Aucun kilo ce mois-ci.")
    )
    paper.y -= 10
    paper.paragraph(_("Kilos pesés et estimés"), 9.5, bold=True, colour=ACCENT, after=3)
    kilos = [Column(""), *(Column(title, 54, right=True) for title in (_("kg"), _("pesés"), _("estimés")))]
    Table(paper, kilos, size=8, width=width).draw(_weight_rows(sheet, whole), None, empty="")
    paper.y -= 3
    if sheet.moved.ended_lots:
        told = ngettext(
            "{n} lot fini avec {kilos} kg d'écart entre l'arrivée et les sorties.",
            "{n} lots finis avec {kilos} kg d'écart entre l'arrivée et les sorties.",
            sheet.moved.ended_lots,
        ).format(n=number(sheet.moved.ended_lots), kilos=plain_kilos(sheet.moved.ended_grams))
        paper.paragraph(told, 7.6, width=width, colour=MUTED)


def _month_words(sheet: MonthSheet, whole: Totals) -> list[str]:
    """Return what the month saved, then who the persons were and who had a right, as far as the month kept it."""
    saved = _("Valeur {value} €, payé {paid} € : {saved} € économisés.").format(
        value=plain_money(whole.shelf_cents), paid=plain_money(whole.paid_cents), saved=plain_money(whole.savings_cents)
    )
    words = [saved]
    if sheet.ages is not None and whole.persons:
        told = _(
            "Personnes : {all}, dont {minors} de moins de 18 ans et {adults} adultes, à leur premier passage du mois."
        ).format(all=number(whole.persons), minors=number(sheet.ages.minors), adults=number(sheet.ages.adults))
        if sheet.ages.unknown:
            told += " " + _("Âge non connu : {n}.").format(n=number(sheet.ages.unknown))
        words.append(told)
    if sheet.enrolments is not None:
        e = sheet.enrolments
        words.append(
            _("Foyers dont un droit est ouvert : {before} la veille, {new} nouveaux, {back} revenus, {left} sortis, {after} le dernier jour ; "
              "{renewed} renouvelés dans le mois.").format(
                before=number(e.before), new=number(e.new), back=number(e.came_back), left=number(e.left), after=number(e.after),
                renewed=number(e.renewed),
            )
        )  # fmt: skip
    return words


def _draw_amendments(paper: Paper, sheet: MonthSheet) -> None:
    """Draw what each amendment changed and why."""
    for version in sheet.amendments:
        title = _("Avenant : version {version}, du {day}, par {who}").format(
            version=version.version, day=day(version.made_at.astimezone(PARIS).date()), who=version.made_by
        )
        paper.need(60 + _SIGNATURE)
        paper.y -= 10
        paper.paragraph(title, 9.5, bold=True, colour=ACCENT, after=2)
        paper.paragraph(_("Raison : {reason}").format(reason=version.reason), 8.5, after=3)
        columns = [
            Column(_("Jour")), Column(_("Foyer")), Column(_("Ce qui change")), Column(_("Personnes"), right=True), Column(_("Kilos"), right=True),
            Column(_("Valeur €"), right=True), Column(_("Payé €"), right=True),
        ]  # fmt: skip
        Table(paper, columns, size=8).draw([_change_row(c) for c in version.changes], None, empty="", keep=_SIGNATURE)


def _draw_notes(paper: Paper, sheet: MonthSheet) -> None:
    """Write on every sheet of the month what makes it other than the last word: a version since, corrections that wait."""
    notes = []
    if sheet.replaced_by:
        notes.append(_("Cette version a été remplacée par la version {version}.").format(version=sheet.replaced_by))
    if sheet.corrected:
        note = ngettext(
            "Depuis cette version, {n} correction n'est pas dans cette feuille : elle demande un avenant.",
            "Depuis cette version, {n} corrections ne sont pas dans cette feuille : elles demandent un avenant.",
            sheet.corrected,
        ).format(n=number(sheet.corrected))
        notes.append(note)
    if notes:
        paper.need(20 + 12 * len(notes) + _SIGNATURE)
        paper.y -= 8
    for note in notes:
        paper.paragraph(note, 8.5, bold=True)


def _change_row(change: Change) -> list[str]:
    before, after = change.before, change.after

    def both(write: Callable[[int], str], a: int, b: int) -> str:
        return write(b) if a == b else _("{before}, puis {after}").format(before=write(a), after=write(b))

    return [
        day(change.day), change.number or NOTHING, change_words(change), both(number, before.persons, after.persons),
        both(plain_kilos, before.grams, after.grams), both(plain_money, before.shelf_cents, after.shelf_cents),
        both(plain_money, before.paid_cents, after.paid_cents),
    ]  # fmt: skip


def _origin_rows(sheet: MonthSheet, whole: Totals) -> Sequence[Sequence[str]]:
    grams = dict(sheet.figures.grams_by_origin)
    return [
        [o.label, plain_kilos(grams[o.code]), part_of(grams[o.code], whole.grams)]
        for o in with_unknown(sheet.origins, grams)
        if grams.get(o.code)
    ]


def _weight_rows(sheet: MonthSheet, whole: Totals) -> list[list[str]]:
    given = Kilos(whole.grams, whole.estimated_grams)
    return [
        [title, plain_kilos(k.grams), plain_kilos(k.weighed_grams), plain_kilos(k.estimated_grams) if k.estimated_grams else NOTHING]
        for title, k in ((_("Distribués"), given), (_("Reçus"), sheet.moved.received), (_("Perdus"), sheet.moved.lost))
    ]  # fmt: skip


def _draw_signatures(paper: Paper, sheet: MonthSheet) -> None:
    """Draw the two boxes to sign, at the very foot of the last page of the sheet: households sign their ticket's stub only."""
    paper.need(_SIGNATURE)
    height = _SIGNATURE - 6 * MM
    foot = paper.bottom
    gap = 9 * MM
    width = (paper.width - gap) / 2
    closing = _("Feuille arrêtée au {day}, {households}, {kilos} kg.").format(
        day=day(sheet.closed_on), households=_households(len(sheet.figures.households)),
        kilos=plain_kilos(sum(line.grams for line in sheet.figures.households)),
    )  # fmt: skip
    paper.text(paper.left, foot + height + 5, closing, 8.5, bold=True)
    for i, who in enumerate((_("Le ou la responsable de l'épicerie"), _("Pour le CCAS"))):
        x = paper.left + i * (width + gap)
        paper.box(x, foot, width, height)
        paper.text(x + 6, foot + height - 12, who, 8.5, bold=True)
        paper.text(x + 6, foot + height - 23, _("Nom, date et signature :"), 8, colour=MUTED)
