"""Sentences as they reach a person: French typography, another language, and what is not translated yet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from epicerie_desktop.support import i18n, paths
from epicerie_desktop.support.errors import EnvironmentTrouble, RuleRefused
from epicerie_desktop.support.i18n import N_

NB, NN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Montant : 5", f"Montant{NB}: 5"),
        ("Déjà servi ; voir l'équipe", f"Déjà servi{NN}; voir l’équipe"),
        ("Bravo !", f"Bravo{NN}!"),
        ("Continuer ?", f"Continuer{NN}?"),
        ("Continuer (oui ?)", f"Continuer (oui{NN}?)"),
        ("« {name} » : introuvable", f"«{NB}{{name}}{NB}»{NB}: introuvable"),
        ("« Que faire ? »", f"«{NB}Que faire{NN}?{NB}»"),
        ("10 % de {amount} €", f"10{NB}% de {{amount}}{NB}€"),
        ("{n} jours, 12 mois, 3 ans, 1 an", f"{{n}}{NB}jours, 12{NB}mois, 3{NB}ans, 1{NB}an"),
        ("1,250 kg et 800 g à 4 °C", f"1,250{NB}kg et 800{NB}g à 4{NB}°C"),
        ("Envoi n° 7 de Mme Rey", f"Envoi n°{NB}7 de Mme{NB}Rey"),
        ("aujourd'hui, l'{what}, d'« ici »", f"aujourd’hui, l’{{what}}, d’«{NB}ici{NB}»"),
        ("à 10:30, voir http://exemple.fr?x=1", "à 10:30, voir http://exemple.fr?x=1"),
        ("12 grammes, 3 kgs", "12 grammes, 3 kgs"),
        ("", ""),
    ],
)
def test_a_sentence_gets_its_french_spaces_and_apostrophes(written: str, shown: str) -> None:
    assert i18n.gettext(written) == shown
    assert i18n.gettext(shown) == shown, "said twice, it changes no more"


def test_what_is_put_in_a_sentence_is_left_as_it_was_typed() -> None:
    refusal = RuleRefused(N_("L'article « {article} » n'est pas au catalogue."), article="Jus d'orange : 1 l")
    assert f"«{NB}Jus d'orange : 1 l{NB}»" in str(refusal)


def test_zero_and_one_are_singular_in_french() -> None:
    said = [i18n.ngettext("{n} foyer", "{n} foyers", n) for n in (0, 1, 2, -1)]
    assert said == ["{n} foyer", "{n} foyer", "{n} foyers", "{n} foyer"]


@pytest.fixture
def another_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A program whose resources speak one more language, half translated."""
    folder = tmp_path / "resources" / "locale" / "en"
    folder.mkdir(parents=True)
    (folder / "epicerie.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "Ce panier est vide."\nmsgstr "This basket is empty."\n\n'
        'msgid "{n} foyer"\nmsgid_plural "{n} foyers"\nmsgstr[0] "{n} household"\nmsgstr[1] "{n} households"\n\n'
        '#, fuzzy\nmsgid "À voir avec l\'équipe !"\nmsgstr "Perhaps wrong"\n',
        "utf-8",
    )
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    paths.resources.cache_clear()
    yield
    paths.resources.cache_clear()


@pytest.mark.usefixtures("another_language")
def test_another_language_speaks_and_falls_back_to_good_french() -> None:
    assert i18n.languages() == ("fr", "en")
    refused = EnvironmentTrouble("T-1", N_("Ce panier est vide."))
    i18n.use_language("en")
    assert (i18n.language(), str(refused)) == ("en", "This basket is empty.")
    assert [i18n.ngettext("{n} foyer", "{n} foyers", n) for n in (0, 1)] == ["{n} households", "{n} household"]
    assert i18n.gettext("À voir avec l'équipe !") == f"À voir avec l’équipe{NN}!", "a doubtful translation is not shown"
    assert i18n.gettext("Fermez la caisse ?") == f"Fermez la caisse{NN}?"
    assert i18n.ngettext("{n} lot !", "{n} lots !", 0) == f"{{n}} lot{NN}!"
    i18n.use_language("xx")
    assert (i18n.language(), str(refused)) == ("fr", "Ce panier est vide.")
