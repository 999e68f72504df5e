"""`epicerie estimate`: what the manager estimates for the European fund is listed, typed and taken back from a script."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_an_estimate_is_typed_listed_and_taken_back(epicerie: Run, shop_file: Path) -> None:
    def ask(*args: object) -> dict[str, object]:
        (told,) = epicerie("estimate", "EMCR09", *args, "--database", shop_file, "--json").json["indicators"]
        return dict(told)

    every = epicerie("estimate", "--from", "2026", "--to", "2026", "--database", shop_file, "--json").json
    assert (every["from"], every["to"]) == ("2026-01-01", "2026-12-31")
    assert len(every["indicators"]) == 12
    assert {i["value"] for i in every["indicators"]} == {None}
    year = ("--from", "2026", "--to", "2026")
    assert ask(*year, "--value", 7, "--basis", "Compté avec le foyer d'accueil")["value"] == 7
    assert ask("--from", "2026-11", "--to", "2026-11")["value"] is None, "another period"
    assert "7 – Compté avec" in epicerie("estimate", "emcr09", *year, "--database", shop_file).out.replace(
        "\u00a0", " "
    )
    told = ask(*year, "--take-back", "--basis", "Compté deux fois")
    assert told["value"] is None
    assert [(e["value"], e["basis"]) for e in told["history"]] == [  # type: ignore[attr-defined]
        (None, "Compté deux fois"), (7, "Compté avec le foyer d’accueil".replace("’", "'")),
    ]  # fmt: skip


def test_what_is_no_estimate_is_refused_in_a_sentence(epicerie: Run, shop_file: Path) -> None:
    at = ("--database", shop_file)
    assert "--basis" in epicerie("estimate", "EMCR09", "--value", 7, *at).complaint(2)
    assert "--value" in epicerie("estimate", "EMCR09", "--basis", "au jugé", *at).complaint(2)
    assert epicerie("estimate", "--value", 7, "--basis", "au jugé", *at).code == 2
    assert "EMCO09" in epicerie("estimate", "EMCO09", "--value", 7, "--basis", "pesé", *at).complaint(1)
    assert "EMCO09" in epicerie("estimate", "EMCO09", *at).complaint(1)
    assert "Traceback" not in epicerie("estimate", "EMCR09", "--value", -1, "--basis", "faux", *at).complaint(1)
