"""`epicerie meal` and `epicerie families`: what the reports of funders rest on is read and set from a script."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_a_meal_is_weighed_anew_from_today_and_what_held_before_stays(epicerie: Run, shop_file: Path) -> None:
    at = ("--database", shop_file)
    (before,) = epicerie("meal", *at, "--json").json["meals"]
    told = epicerie("meal", "--grams", 450, "--source", "convention 2026", *at, "--json").json["meals"]
    assert [(m["grams"], m["source"]) for m in told] == [(450, "convention 2026"), (before["grams"], before["source"])]
    assert "450 g depuis le" in epicerie("meal", *at).out.replace("\u00a0", " ")
    assert "100" in epicerie("meal", "--grams", 20, *at).complaint(1)
    assert "--grams" in epicerie("meal", "--source", "moi", *at).complaint(2)


def test_a_family_changes_group_in_one_list_alone_and_a_wrong_code_changes_nothing(
    epicerie: Run, shop_file: Path
) -> None:
    at = ("--database", shop_file)

    def groups() -> dict[str, dict[str, str | None]]:
        lists = epicerie("families", *at, "--json").json["lists"]
        return {n["list"]: {f["family"]: f["group"] for f in n["families"]} for n in lists}

    before = groups()
    assert len(before) == 3
    name = next(iter(before))
    family, group = next(iter(before[name].items()))
    (listed,) = epicerie("families", name, *at, "--json").json["lists"]
    other = next(g["group"] for g in listed["groups"] if g["group"] != group)
    epicerie("families", name, "--family", family, "--group", other, *at)
    wanted = {**before, name: {**before[name], family: other}}
    assert groups() == wanted
    assert epicerie("families", name, "--family", family, "--group", "RIEN", *at).complaint(1)
    assert epicerie("families", name, "--family", "RIEN", "--group", other, *at).complaint(1)
    assert name in epicerie("families", "autre", *at).complaint(2)
    assert "--group" in epicerie("families", name, "--family", family, *at).complaint(2)
    assert groups() == wanted
    epicerie("families", name, "--family", family, "--group", "", *at)
    assert groups()[name][family] is None
