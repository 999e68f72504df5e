"""Each parcel told apart: what it is, what is said and kept of it, and that a refused one changes no row."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from epicerie_desktop.domain.figures import age_bands
from epicerie_desktop.exchange import parcel
from epicerie_desktop.exchange.keys import SigningKey
from epicerie_desktop.exchange.refusals import ParcelRevoked, ParcelSums, ParcelUnknownSigner
from epicerie_desktop.persistence.models import Contract, ParcelReceived, Site, SitePost
from epicerie_desktop.services import months, opening
from epicerie_desktop.services.contract import consolidate, several, share
from epicerie_desktop.services.contract.distinct import months_in
from epicerie_desktop.services.contract.outcomes import Outcome, Warn
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.queries import figures
from epicerie_desktop.services.till import sell
from epicerie_desktop.support.clock import FrozenClock
from tests.conftest import PASSPHRASE, TODAY
from tests.services import test_share_and_consolidate as shared
from tests.services.conftest import SmallShop, at_second_post
from tests.services.test_share_and_consolidate import at, desk_folder, exported, refused, resealed, serve, unchanged

contract = shared.contract


def said(report: consolidate.ImportReport) -> dict[str, str]:
    return {w.kind.value: w.sentence for w in report.warnings}


def of(hub: Desk, **changes: Any) -> None:
    """Change the shop as the coordinator knows it."""
    with hub.db.write() as session:
        session.execute(update(Site).values(**changes))


def test_a_parcel_that_does_not_follow_the_one_received_tells_two_computers_with_one_identity(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    first, second = exported(small_shop.desk, tmp_path), exported(small_shop.desk, tmp_path)
    consolidate.accept_parcel(hub, first)
    header = parcel.read_header(second)
    twin = resealed(hub, small_shop, replace(header, previous="ab" * 32), second)
    assert "deux ordinateurs" in unchanged(hub, twin, Outcome.FORK).sentence
    assert consolidate.accept_parcel(hub, second).accepted
    other_first = resealed(hub, small_shop, parcel.read_header(first), first, name="Autre")
    unchanged(hub, other_first, Outcome.FORK)


def test_months_to_come_are_refused_and_a_clock_wrong_is_said_and_kept(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    ahead = at(small_shop.desk, TODAY + timedelta(days=5))
    report = consolidate.accept_parcel(hub, exported(ahead, tmp_path))
    assert "25/11/2026" in said(report)[Warn.CLOCK_AHEAD]
    back = consolidate.accept_parcel(hub, exported(small_shop.desk, tmp_path))
    assert back.accepted
    assert "20/11/2026" in said(back)[Warn.CLOCK_BACK]
    unchanged(hub, exported(at(small_shop.desk, date(2027, 1, 4)), tmp_path), Outcome.FUTURE)
    with hub.db.read() as session:
        kept = session.scalars(select(ParcelReceived).order_by(ParcelReceived.id)).all()
        assert [[w["kind"] for w in r.warnings] for r in kept] == [["clock_ahead"], ["clock_back"]]
        assert [(r.body_version, r.size > 500, len(r.journal_head)) for r in kept] == [(2, True, 64)] * 2
        assert kept[1].prev == kept[0].digest


def test_a_month_absent_is_told_and_a_month_at_zero_is_not(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    of(hub, joined_on=date(2026, 9, 1))
    data = exported(small_shop.desk, tmp_path)
    assert Warn.MISSING not in said(consolidate.look_at_parcel(hub, data))
    opened = opened_body(hub, data)
    del opened["blocks"]["months"]["rows"][1]
    cut = resealed(hub, small_shop, parcel.read_header(data), data, **opened)
    assert said(consolidate.look_at_parcel(hub, cut))[Warn.MISSING].endswith("octobre 2026.")


def opened_body(hub: Desk, data: bytes) -> dict[str, Any]:
    from epicerie_desktop.exchange.keys import AgeIdentity

    with hub.db.read() as session:
        made = session.execute(select(Contract)).scalar_one()
        assert made.identity is not None
        identity = AgeIdentity.from_string(made.identity)
    opened = parcel.open_parcel(data, identity, expected_contract=parcel.read_header(data).contract, verify_key=None)
    body: dict[str, Any] = opened.body
    return body


def test_totals_that_are_not_those_of_the_months_are_refused_by_name(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    serve(small_shop)
    data = exported(small_shop.desk, tmp_path)
    body = opened_body(hub, data)
    body["control"]["visits"] += 1
    refused(hub, resealed(hub, small_shop, parcel.read_header(data), data, **body), ParcelSums)
    report = consolidate.look_at_parcel(hub, data)
    assert report.control == {name: getattr(report.totals, name) for name in report.control}
    assert report.control["visits"] == 1


def test_a_shop_that_left_is_told_and_its_later_months_are_not_taken(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    serve(small_shop, day=TODAY - timedelta(days=25))
    serve(small_shop)
    data = exported(small_shop.desk, tmp_path)
    of(hub, left_on=date(2026, 10, 31))
    report = consolidate.accept_parcel(hub, data)
    assert report.accepted
    assert said(report)[Warn.NOT_TAKEN].endswith("novembre 2026.")
    assert consolidate.contract_totals(hub, contract, "2026-09", "2026-12").visits == 1
    assert (report.control["visits"], report.totals.visits) == (2, 1)
    unchanged(hub, exported(small_shop.desk, tmp_path), Outcome.LEFT)


def test_a_revoked_key_and_the_key_of_another_shop_are_told_apart(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    data = exported(small_shop.desk, tmp_path)
    consolidate.accept_parcel(hub, data)
    consolidate.add_site(hub, contract, "PI02", "Épicerie de Pierrefort")
    header = parcel.read_header(data)
    refused(hub, resealed(hub, small_shop, replace(header, site="PI02"), data), ParcelUnknownSigner)
    with hub.db.write() as session:
        session.execute(update(SitePost).values(revoked_at=hub.clock.now()))
    refused(hub, exported(small_shop.desk, tmp_path), ParcelRevoked)
    with small_shop.desk.db.write() as session:
        session.execute(select(Contract)).scalar_one().signing_key = SigningKey.generate().to_bytes()
    report = consolidate.accept_parcel(hub, exported(small_shop.desk, tmp_path))
    assert (report.accepted, report.first_signature) == (True, True)


def test_an_amended_month_that_falls_tells_what_the_shop_s_amendments_say(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    receipt = serve(small_shop, day=TODAY - timedelta(days=25))
    months.close_month(small_shop.desk, "2026-10")
    consolidate.accept_parcel(hub, exported(small_shop.desk, tmp_path))
    sell.cancel_sale(at(small_shop.desk, TODAY), receipt.sale, "erreur de foyer")
    closed = consolidate.accept_parcel(hub, exported(small_shop.desk, tmp_path))
    assert (closed.accepted, closed.changes) == (True, ()), "a closed month is sent as it was closed"
    months.amend_month(small_shop.desk, "2026-10", "ticket de Mme Vandervelde annulé")
    data = exported(small_shop.desk, tmp_path)
    assert "vandervelde" not in repr(opened_body(hub, data)).casefold()
    report = unchanged(hub, data, Outcome.SHRANK, "")
    (change,) = report.changes
    assert (change.month, change.amendments) == ("2026-10", (("2026-11-20", "REMOVED", 1),))
    assert consolidate.accept_parcel(hub, data, reason="Ticket d'un autre foyer").accepted
    with hub.db.read() as session:
        assert [r.reason for r in session.scalars(select(ParcelReceived).order_by(ParcelReceived.id))][-1] == (
            "Ticket d'un autre foyer"
        )


def test_a_journal_written_anew_is_seen_by_the_coordinator(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    consolidate.accept_parcel(hub, exported(small_shop.desk, tmp_path))
    fine = exported(small_shop.desk, tmp_path)
    assert Warn.JOURNAL not in said(consolidate.look_at_parcel(hub, fine))
    with hub.db.write() as session:
        row = session.scalars(select(ParcelReceived)).one()
        row.journal_months = {"2026-10": "00" * 32, **{m: h for m, h in row.journal_months.items() if m != "2026-10"}}
    body = opened_body(hub, fine)
    body["blocks"]["journal"]["rows"] = [["2026-10", "11" * 32]]
    body["blocks"]["meteo"] = {"version": 1, "required": False}
    told = said(consolidate.look_at_parcel(hub, resealed(hub, small_shop, parcel.read_header(fine), fine, **body)))
    assert "octobre 2026" in told[Warn.JOURNAL]
    assert "meteo" in told[Warn.NEWER_PART]


def test_two_posts_of_one_file_are_counted_once_and_the_older_of_the_two_is_refused(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    serve(small_shop)
    second = at_second_post(small_shop.desk)
    early = exported(at(second, TODAY, 8), tmp_path)
    consolidate.accept_parcel(hub, exported(small_shop.desk, tmp_path))
    assert "poste" in unchanged(hub, early, Outcome.OLDER).sentence
    late = exported(at(second, TODAY, 16), tmp_path)
    assert consolidate.accept_parcel(hub, late).accepted
    whole = consolidate.contract_totals(hub, contract, "2026-09", "2026-11")
    assert whole == figures.totals_of(small_shop.desk, "2026-09", "2026-11")


def test_the_sector_bands_and_kind_of_a_household_reach_the_coordinator(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    serve(small_shop)
    consolidate.accept_parcel(hub, exported(small_shop.desk, tmp_path))
    with hub.db.read() as session:
        (found,) = list(months_in(session, contract, "2026-11", "2026-11"))
    (line,) = found.figures.households
    assert (line.sector, line.kind, line.bands) == ("SF", "COUPLE_WITH_CHILDREN", (0, 1, 0, 2, 0, 0))
    assert (line.number, line.commune) == ("", None)
    assert age_bands([0, 3, 4, 14, 15, 24, 25, 64, 65, 104, None]) == (2, 2, 2, 2, 2, 1)


def test_a_folder_is_taken_in_the_right_order_whatever_that_of_its_files(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path
) -> None:
    folder = tmp_path / "cle" / "envois"
    folder.mkdir(parents=True)
    for day, name in ((TODAY, "z"), (TODAY - timedelta(days=1), "a"), (TODAY - timedelta(days=2), "m")):
        serve(small_shop, grams=300, day=day)
        share.export_parcel(small_shop.desk, folder).path.rename(folder / f"{name}.epic")
    (folder / "b.epic").write_bytes((folder / "a.epic").read_bytes()[:-5])
    (folder / "c.epic.0badcafe.partial").write_bytes(b"EPICX1")
    taken = several.take_all(hub, [tmp_path / "cle"])
    assert [t.path.name for t in taken] == ["z.epic", "a.epic", "b.epic", "m.epic"]
    assert [bool(t.report and t.report.accepted) for t in taken] == [True, True, False, True]
    again = several.take_all(hub, [tmp_path / "cle"])
    assert {t.report.outcome for t in again if t.report} == {Outcome.KNOWN}
    stopped = several.look_at_all(hub, [folder], lambda done, _all: done < 1)
    assert len(stopped) == 1
    assert consolidate.contract_totals(hub, contract, "2026-09", "2026-11").visits == 3


_KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from epicerie_desktop.persistence.models import load_all
from epicerie_desktop.services import opening
from epicerie_desktop.services.contract import receive
from epicerie_desktop.support.clock import FrozenClock
load_all()
desk = opening.open_desk(Path(sys.argv[1]), sys.argv[2], FrozenClock.on(date.fromisoformat(sys.argv[3])))
if sys.argv[5] == "control":
    def cut(session, desk, families):
        session.commit()
        os.kill(os.getpid(), signal.SIGKILL)
    receive._keep_families = cut
else:
    def cut(session, desk, families):
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    receive._keep_families = cut
receive.accept_parcel(desk, Path(sys.argv[4]).read_bytes())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("way", ["killed", "control"])
def test_an_import_killed_in_the_middle_leaves_nothing_half(
    hub: Desk, contract: int, small_shop: SmallShop, tmp_path: Path, way: str
) -> None:
    """The months are written, the families are not yet: killed there, nothing is kept; the control, which commits by then, is seen."""
    serve(small_shop)
    path = share.export_parcel(small_shop.desk, tmp_path).path
    before = shared.rows(hub)
    hub.db.close()
    file = desk_folder(hub) / "hub.db"
    ended = subprocess.run(
        [sys.executable, "-c", _KILLED, str(file), PASSPHRASE, TODAY.isoformat(), str(path), way],
        env=os.environ,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    again = opening.open_desk(file, PASSPHRASE, FrozenClock.on(TODAY))
    try:
        assert (shared.rows(again) == before) is (way == "killed")
        if way == "killed":
            assert consolidate.accept_parcel(again, path.read_bytes()).accepted
    finally:
        again.db.close()
