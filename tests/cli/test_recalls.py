"""Recalls at the command line: what a list set aside, and why a file is refused."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import insert, select

from epicerie_desktop.domain.stock import Origin
from epicerie_desktop.persistence.models import Article, ArticleCode
from epicerie_desktop.persistence.models.base import table_of
from epicerie_desktop.services import opening
from epicerie_desktop.services.stock import receive
from tests.cli.conftest import Run
from tests.conftest import PASSPHRASE

CODE = "3250390398028"


def test_a_list_is_read_and_says_what_it_set_aside(epicerie: Run, shop: Path, tmp_path: Path) -> None:
    desk = opening.open_desk(shop, PASSPHRASE)
    with desk.db.write() as session:
        article = session.scalars(select(Article.id).where(Article.generic.is_(False))).first()
        session.execute(insert(table_of(ArticleCode)), {"code": CODE, "article_id": article})
    line = receive.ReceivedLine(pieces=2, grams=900, article_id=article, lot_code="L1")
    receive.record_reception(desk, receive.ReceptionForm(Origin.DONATION, (line,)))
    published = desk.clock.today().isoformat()
    desk.db.close()
    brought = tmp_path / "rappels.json"
    brought.write_text(
        json.dumps([{"numero_fiche": "2026-11-0001", "numero_version": 1, "marque_produit": "X", "libelle": "Y", "date_publication": published,
                     "identification_produits": [CODE, "L1", "non concerné", ""], "motif_rappel": "verre"}]), "utf-8"
    )  # fmt: skip
    nothing = epicerie("recalls", "list", "--json", "--database", shop).json
    assert (nothing["days"], nothing["aside"]) == (None, [])
    told = epicerie("recalls", "import", brought, "--json", "--database", shop).json
    assert (told["read"], told["kept"], told["certain"]) == (1, 1, 1)
    (row,) = [r for r in told["aside"] if r["code"] == "L1"]
    assert (row["certainty"], row["recall"], row["reason"]) == ("CERTAIN", "2026-11-0001", "verre")
    assert epicerie("recalls", "list", "--json", "--database", shop).json["aside"] == told["aside"]
    again = epicerie("recalls", "import", brought, "--database", shop)
    assert (again.code, "verre" in again.out) == (0, True)


def test_a_wrong_or_missing_file_is_one_sentence(epicerie: Run, shop: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "autre.csv"
    wrong.write_text("a;b\n1;2\n", "utf-8")
    assert "rappels" in epicerie("recalls", "import", wrong, "--database", shop).complaint(1)
    epicerie("recalls", "import", tmp_path / "rien.csv", "--database", shop).complaint(3)
