"""The accompaniment of a report, computed again from `epicerie dump` alone: only the csv module and the printed definitions."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pypdf
import pytest

from epicerie_desktop.exchange.table_file import TableFormat
from epicerie_desktop.services import opening
from epicerie_desktop.services.demonstration.build import DemoFiles
from epicerie_desktop.services.desk import Desk
from epicerie_desktop.services.reports.whole import Asked, report_file, report_pdf
from epicerie_desktop.support.clock import FrozenClock
from tests.cli.test_recomputed import Dump, Row, dumped
from tests.conftest import TODAY

__all__ = ["dumped"]
PERIODS = [
    ("2026-01-01", "2026-12-31"),
    ("2026-10-01", "2026-10-31"),
    ("2026-11-05", "2026-11-19"),
    ("2010-01-01", "2026-11-20"),
]
UNTIL = TODAY.isoformat()


def paris(instant: str) -> str:
    """Return the day in France of an instant of the dump."""
    at = datetime.fromisoformat(instant.replace("Z", "+00:00"))
    return at.astimezone(ZoneInfo("Europe/Paris")).date().isoformat()


def days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def mean(values: list[int]) -> int | None:
    return int(sum(values) / len(values) + 0.5) if values else None


class Again:
    """What the definitions say, counted from the rows of a dump."""

    def __init__(self, dump: Dump, first: str, last: str) -> None:
        self.tables, self.first, self.last = dump.tables, first, min(last, UNTIL)

    def within(self, day: str) -> bool:
        return self.first <= day <= self.last

    def requests(self) -> list[dict[str, str | list[str]]]:
        """Return each request: when it came, was put off, was answered."""
        grants = {g["id"]: g for g in self.tables["grants"]}
        decided = {d["grant_id"] for d in self.tables["decisions"]}
        going_on = {(g["household_id"], g["valid_from"]) for g in grants.values() if g["origin_id"]}
        events = [
            (s["household_id"], s["day"], 0, int(s["id"]), "", "")
            for s in self.tables["assessments"] if (s["household_id"], s["day"]) not in going_on
        ]  # fmt: skip
        events += [
            (d["household_id"], d["day"], 1, int(d["id"]), d["answer"], d["reason_code"])
            for d in self.tables["decisions"]
        ]
        events += [
            (g["household_id"], paris(g["decided_at"]), 1, int(g["id"]), "GRANTED", "")
            for g in grants.values()
            if not g["origin_id"] and g["exceptional"] == "false" and g["id"] not in decided
        ]
        found: list[dict[str, str | list[str]]] = []
        waiting: dict[str, dict[str, str | list[str]]] = {}
        for household, day, _kind, _id, answer, reason in sorted(events):
            if household not in waiting:
                waiting[household] = {"received": day, "put_off": [], "answered": "", "answer": ""}
                found.append(waiting[household])
            one = waiting[household]
            if answer == "ADJOURNED":
                put_off = one["put_off"]
                assert isinstance(put_off, list)
                put_off.append(day)
            elif answer:
                one |= {"answered": day, "answer": answer, "reason": reason}
                del waiting[household]
        return found

    def stays(self) -> tuple[Counter[str], list[int], list[int]]:
        """Return the rights that begin by kind with their lengths, and the lengths of the stays that end."""
        kinds: Counter[str] = Counter()
        lengths, stays = [], []
        by_household: dict[str, list[Row]] = {}
        for g in self.tables["grants"]:
            if g["valid_from"] > g["valid_until"]:
                continue
            if g["exceptional"] == "true":
                kinds["exceptional"] += self.within(g["valid_from"])
            else:
                by_household.setdefault(g["household_id"], []).append(g)
        for rights in by_household.values():
            rights.sort(key=lambda g: (g["valid_from"], g["valid_until"]))
            spans: list[list[str]] = []
            for g in rights:
                apart = days(spans[-1][1], g["valid_from"]) if spans else None
                if self.within(g["valid_from"]) and not g["origin_id"]:
                    kinds["first" if apart is None else "renewed" if apart <= 92 else "again"] += 1
                    lengths.append(days(g["valid_from"], g["valid_until"]) + 1)
                if apart is None or apart > 92:
                    spans.append([g["valid_from"], g["valid_until"]])
                else:
                    spans[-1][1] = max(spans[-1][1], g["valid_until"])
            stays += [days(a, b) + 1 for a, b in spans if self.within(b)]
        return kinds, lengths, stays

    def figures(self) -> dict[str, int | None]:
        return self.asked() | self.accompanied() | self.met() | self.safety()

    def asked(self) -> dict[str, int | None]:
        requests = self.requests()
        before = (date.fromisoformat(self.first) - timedelta(days=1)).isoformat()

        def waited_on(day: str) -> int:
            return sum(str(r["received"]) <= day and (not r["answered"] or str(r["answered"]) > day) for r in requests)

        answered = [r for r in requests if self.within(str(r["answered"]))]
        kinds, lengths, stays = self.stays()
        return {
            "requests_waiting_before": waited_on(before),
            "requests_received": sum(self.within(str(r["received"])) for r in requests),
            "requests_granted": sum(r["answer"] == "GRANTED" for r in answered),
            "requests_refused": sum(r["answer"] == "REFUSED" for r in answered),
            "requests_adjourned": sum(any(map(self.within, r["put_off"])) for r in requests),
            "requests_waiting": waited_on(self.last),
            "requests_days": mean([days(str(r["received"]), str(r["answered"])) for r in answered]),
            "waiting_list": sum(
                w["since"] <= self.last and (not w["left_on"] or w["left_on"] > self.last)
                for w in self.tables["waiting_list"]
            ),
            "rights_first": kinds["first"], "rights_renewed": kinds["renewed"], "rights_again": kinds["again"],
            "rights_exceptional": kinds["exceptional"], "rights_days": mean(lengths), "stays_ended": len(stays), "stays_days": mean(stays),
        }  # fmt: skip

    def accompanied(self) -> dict[str, int | None]:
        files, projects = self.tables["support_files"], self.tables["objectives"]

        def running(rows: list[Row], begun: str, ended: str) -> int:
            return sum(r[begun] <= self.last and (not r[ended] or r[ended] > self.last) for r in rows)

        closed = [f for f in files if self.within(f["closed_on"])]
        ended = Counter(p["state"] for p in projects if self.within(p["ended_on"]))
        return {
            "files_opened": sum(self.within(f["opened_on"]) for f in files), "files_running": running(files, "opened_on", "closed_on"),
            "files_closed": len(closed), "files_days": mean([days(f["opened_on"], f["closed_on"]) + 1 for f in closed]),
            "households_closed": sum(self.within(h["closed_on"]) and not h["merged_into_id"] for h in self.tables["households"]),
            "steps": sum(self.within(s["day"]) and not s["cancelled_at"] for s in self.tables["support_steps"]),
            "reviews": sum(self.within(r["day"]) for r in self.tables["reviews"]),
            "projects_begun": sum(self.within(p["set_on"]) for p in projects), "projects_reached": ended["REACHED"],
            "projects_partly": ended["PARTLY"], "projects_dropped": ended["DROPPED"], "projects_running": running(projects, "set_on", "ended_on"),
        }  # fmt: skip

    def met(self) -> dict[str, int | None]:
        states = Counter(a["state"] for a in self.tables["appointments"] if self.within(paris(a["at"])))
        absent = Counter(a["excused"] for a in self.tables["absences"] if self.within(a["day"]))
        sessions = {s["id"]: s for s in self.tables["workshop_sessions"] if self.within(paris(s["at"]))}
        held = {k for k, s in sessions.items() if s["cancelled"] == "false"}
        came = [a for a in self.tables["attendances"] if a["session_id"] in held and a["state"] == "CAME"]
        kept, missed = states["KEPT"], states["MISSED"]
        return {
            "appointments_kept": kept, "appointments_missed": missed, "appointments_excused": states["EXCUSED"],
            "appointments_cancelled": states["CANCELLED"], "appointments_open": states["PLANNED"],
            "appointments_kept_rate": int(1000 * kept / (kept + missed) + 0.5) if kept + missed else None,
            "absences_excused": absent["true"], "absences_missed": absent["false"], "sessions_held": len(held),
            "sessions_cancelled": len(sessions) - len(held), "workshop_seats": len(came),
            "workshop_persons": len({a["person_id"] for a in came}), "workshop_households": len({a["household_id"] for a in came}),
        }  # fmt: skip

    def safety(self) -> dict[str, int | None]:
        aside = [q for q in self.tables["quarantines"] if self.within(paris(q["made_at"]))]
        recalled = [q for q in aside if q["recall_id"]]
        read = [r for r in self.tables["cold_readings"] if self.within(r["day"])]
        out = [
            r for r in read
            if (r["least"] and int(r["tenths"]) < int(r["least"])) or (r["most"] and int(r["tenths"]) > int(r["most"]))
        ]  # fmt: skip
        return {
            "recalls_met": len({q["recall_id"] for q in recalled}), "lots_recalled": len({q["lot_id"] for q in recalled}),
            "lots_set_aside": len({q["lot_id"] for q in aside if not q["recall_id"]}),
            "recall_drills": sum(self.within(paris(d["made_at"])) for d in self.tables["recall_drills"]), "cold_readings": len(read),
            "cold_incidents": len(out),
        }  # fmt: skip

    def sums(self) -> dict[str, dict[str, int]]:
        """Return what the last line of each table adds up to, by its columns."""
        asked, accompanied, met = self.asked(), self.accompanied(), self.met()
        exits = Counter(f["exit_result"] for f in self.tables["support_files"] if self.within(f["closed_on"]))
        counters = [c for c in self.tables["action_counts"] if self.first <= f"{c['month']}-01" <= self.last]
        names = {
            "requests": ("Demandes par mois", {"Reçues": asked["requests_received"], "Acceptées": asked["requests_granted"],
                                               "Refusées": asked["requests_refused"]}),
            "reasons": ("Motifs des refus", {"Refus": asked["requests_refused"]}),
            "measures": ("Suspensions et exclusions décidées", {"Nombre": sum(self.within(s["since"]) for s in self.tables["suspensions"])}),
            "exits": ("Sorties, par motif et résultat", {
                "Atteint": exits["YES"], "Atteint en partie": exits["PARTLY"], "Non atteint": exits["NO"], "Ensemble": exits.total()}),
            "onward": ("Orientations vers d'autres services", {"Nombre": sum(self.within(r["day"]) for r in self.tables["onward_referrals"])}),
            "actions": ("Démarches comptées pour le contrat", {"Nombre": sum(int(c["steps"]) for c in counters),
                                                               "Montant (€)": sum(int(c["cents"]) for c in counters)}),
            "projects": ("Projets, par genre", {
                "Commencés": accompanied["projects_begun"], "Atteints": accompanied["projects_reached"],
                "Atteints en partie": accompanied["projects_partly"], "Abandonnés": accompanied["projects_dropped"]}),
            "appointments": ("Rendez-vous, par genre", {
                "Tenus": met["appointments_kept"], "Manqués": met["appointments_missed"], "Excusés": met["appointments_excused"],
                "Annulés": met["appointments_cancelled"], "Sans suite": met["appointments_open"],
                "Ensemble": sum(met[f"appointments_{s}"] or 0 for s in ("kept", "missed", "excused", "cancelled", "open"))}),
            "cold": ("Relevés hors limites, par appareil", {"Hors limites": self.safety()["cold_incidents"]}),
        }  # fmt: skip
        return {name: {c: v or 0 for c, v in columns.items()} for name, columns in names.values()}


@pytest.fixture
def shop_desk(demo_files: DemoFiles) -> Iterator[Desk]:
    """The first shop of the demonstration, on the day it was made."""
    secret = json.loads(demo_files.passphrases.read_text("utf-8"))["shop-1"]
    desk = opening.open_desk(demo_files.shops[0], secret, FrozenClock.on(TODAY))
    yield desk
    desk.db.close()


def asked(first: str, last: str) -> Asked:
    return Asked("activity", date.fromisoformat(first), date.fromisoformat(last))


def number(row: Row) -> int | None:
    """Return what a line of the flat table holds, in units, cents or thousandths."""
    for column, places in (("Nombre", 0), ("Euros (€)", 2), ("Pour cent", 1), ("Heures", 2), ("Kilos (kg)", 3)):
        if row[column]:
            return round(float(row[column]) * 10**places)
    return None


@pytest.mark.parametrize(("first", "last"), PERIODS)
def test_every_figure_and_the_sum_of_every_table_are_those_of_the_dump(
    dumped: Dump, shop_desk: Desk, first: str, last: str
) -> None:
    data = report_file(shop_desk, asked(first, last), TableFormat.CSV_EXCHANGE)
    rows = list(csv.DictReader(io.StringIO(data.decode().replace("\u2019", "'"))))
    told = {r["Colonne"]: number(r) for r in rows if not r["Tableau"]}
    again = Again(dumped, first, last)
    hours = {"volunteer_hours", "volunteers"}
    assert {k: v for k, v in told.items() if k not in hours} == again.figures()
    sums = again.sums()
    for name in {r["Tableau"] for r in rows} - {"", "Ateliers, par sujet", "Heures, par tâche"}:
        mine = [r for r in rows if r["Tableau"] == name]
        assert {r["Colonne"]: number(r) for r in mine if r["Ligne"] == "Ensemble"} == sums[name], name
        for column, whole in sums[name].items():
            assert sum(number(r) or 0 for r in mine if r["Colonne"] == column and r["Ligne"] != "Ensemble") == whole
    shown = {r["Tableau"] for r in rows}
    assert not [name for name, columns in sums.items() if any(columns.values()) and name not in shown]


def test_the_paper_tells_the_same_figures_each_with_its_definition_under_it(dumped: Dump, shop_desk: Desk) -> None:
    reader = pypdf.PdfReader(io.BytesIO(report_pdf(shop_desk, asked("2026-01-01", "2026-12-31"))))
    text = "\n".join(page.extract_text() for page in reader.pages)
    flat = re.sub(r"\s+", " ", text.replace("\u202f", " ").replace("\u00a0", " "))
    again = Again(dumped, "2026-01-01", "2026-12-31").figures()
    assert f"{again['requests_received']} Demandes reçues Foyers dont la situation a été déclarée" in flat
    assert f"{again['projects_begun']} Projets commencés Projets personnels fixés dans la période." in flat
    assert (
        f"{again['workshop_seats']} Présences Une personne venue à trois séances compte pour trois présences." in flat
    )
    names = {m["last_name"] for m in dumped.tables["members"]}
    assert not [n for n in names if re.search(rf"\b{re.escape(n)}\b", text)], "no report carries a name"


@pytest.mark.parametrize("kind", TableFormat)
def test_the_same_rows_give_the_same_bytes_for_a_spreadsheet(shop_desk: Desk, kind: TableFormat) -> None:
    whole = replace(asked("2026-01-01", "2026-12-31"), model="year")
    assert report_file(shop_desk, whole, kind) == report_file(shop_desk, whole, kind)
