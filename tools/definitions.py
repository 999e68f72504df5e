"""Keep docs/definitions.md the image of domain/figures.py: `check` (the default) tells whether it is, `update` writes it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from epicerie_desktop.cli.contract import _as_json
from epicerie_desktop.domain.figures import DEFINITIONS, EMERGENCY, Totals
from epicerie_desktop.support.i18n import gettext

PAGE = Path(__file__).resolve().parents[1] / "docs" / "definitions.md"

HEAD = """\
# Familles, personnes, passages, kilos : ce qui est compté

> Page écrite par `tools/definitions.py update` d'après `DEFINITIONS` de `epicerie_desktop/domain/figures.py` : ne pas la modifier à la main.

Un chiffre n'a qu'une définition, pour l'écran, le papier, le colis et la ligne de commande. Elle est imprimée sous la feuille du mois et le bilan, et
écrite dans `datapackage.json` par `epicerie dump`.

| Chiffre | Définition | Dans le programme | `epicerie totals --json` |
| --- | --- | --- | --- |
"""

FOOT = """
## Comment un total se fait

1. `services/queries/figures.py` lit les tickets qui ne sont ni annulés ni des annulations, et en fait un `DayVisit` par foyer et par jour. Les
   personnes sont celles dont l'appartenance au foyer, datée, couvre ce jour ; les grammes ne viennent que des lignes `food`.
2. `month_figures` en fait un `MonthFigures` : une ligne (`HouseholdMonth`) par foyer. C'est la feuille du mois, et le mois dans le colis.
3. `totals` réunit n'importe quels mois de n'importe quelles épiceries. **Familles et personnes y sont distinctes sur le tout : ce n'est jamais une
   somme de mois.** Tout le reste s'additionne.

Une personne absente pour un temps (hôpital, détention…) n'est comptée ni dans les rations ni dans les chiffres, du premier au dernier jour
d'absence. Un enfant en garde partagée est compté entier dans chacun de ses deux foyers ; c'est la même personne : une dans **Personnes**, et dans
**Passages-personnes** à chaque passage de l'un ou de l'autre. Deux dossiers réunis comptent pour un foyer à partir du mois de la réunion, et de
nouveau pour deux à partir de celui où elle est défaite ; les autres mois restent comme ils ont été arrêtés ([0046](decisions/0046-reunir-deux-dossiers.md)).

Les **colis d'urgence** sont écrits sous la feuille du mois et le bilan de l'épicerie, et à part dans `epicerie totals` et `epicerie dump` ([0059](decisions/0059-la-caisse-au-dela-du-ticket.md)).

Les **transferts** à un autre site, les **retours** au fournisseur et les **déplacements** dans la boutique ne sont ni distribués ni perdus. Un article **rapporté** par un foyer reste
distribué, tant que son ticket n’est pas annulé ; s’il est jeté, il est écrit à part des pertes ([0061](decisions/0061-les-mouvements-du-stock.md)).

Au niveau du contrat, foyers et personnes sont reconnus par leur pseudonyme : une famille inscrite dans deux épiceries y compte deux fois.
"""


def _json_keys() -> dict[str, str]:
    """Return, by key of the definitions, the key that `epicerie totals --json` gives it, read from what it answers."""
    one_of_each = Totals(
        families=1, persons=2, visits=4, person_visits=8, grams=16, estimated_grams=5, shelf_cents=100, paid_cents=32
    )
    answered = {v: k for k, v in _as_json(one_of_each).items() if isinstance(v, int)}
    return {key: answered[getattr(one_of_each, key)] for key, _, _ in DEFINITIONS}


def page() -> str:
    """Return the page as it must be."""
    keys = _json_keys()
    rows = "".join(
        f"| **{gettext(name)}** | {gettext(told)} | `{key}` | `{keys[key]}` |\n" for key, name, told in DEFINITIONS
    )
    key, name, told = EMERGENCY
    apart = f"| **{gettext(name)}**, à part | {gettext(told)} | `Apart` | `{key}` |\n"
    return gettext(HEAD) + rows + apart + gettext(FOOT)


def main() -> int:
    """Check or update the page; return 1 where it is not up to date."""
    asked = sys.argv[1:] or ["check"]
    if asked == ["update"]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if asked != ["check"]:
        print("usage : tools/definitions.py [check | update]", file=sys.stderr)
        return 2
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    print("docs/definitions.md n'est pas à jour : lancez tools/definitions.py update")
    return 1


if __name__ == "__main__":
    sys.exit(main())
