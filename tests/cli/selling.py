"""Kills a program that sells, at any moment, and audits what is left. Used by the ordinary suite and by the campaign.

A server process has the program loaded; it forks a child for each round and gives it two pipes as standard input and
output, so that a kill costs no start. The child runs the very command `epicerie sell -`, unless it is the control.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from epicerie_desktop.cli import main
from epicerie_desktop.services import opening, safeguard
from epicerie_desktop.services.till import sell
from tests.conftest import PASSPHRASE

LINES = 5
GRAMS = 100
ROOT = Path(__file__).parents[2]


# --- the side that is killed


def serve(control: socket.socket) -> None:
    """Fork a child for each message, tell its pid, then how it ended."""
    from epicerie_desktop.cli import parser

    parser()
    while True:
        message, fds, _, _ = socket.recv_fds(control, 4096, 2)
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            control.close()
            os.dup2(fds[0], 0)
            os.dup2(fds[1], 1)
            for fd in fds:
                os.close(fd)
            sys.stdin, sys.stdout = os.fdopen(0, encoding="utf-8"), os.fdopen(1, "w", encoding="utf-8")
            asked = json.loads(message)
            os._exit(too_early(asked) if asked["control"] else main(["sell", "-", "--database", asked["database"]]))
        for fd in fds:
            os.close(fd)
        control.sendall(f"{pid}\n".encode())
        _, status = os.waitpid(pid, 0)
        control.sendall(f"{status}\n".encode())


def too_early(asked: dict[str, Any]) -> int:
    """The control: a till that answers before the sale is durable, and is cut between the two."""
    from epicerie_desktop.cli import shop
    from epicerie_desktop.services.queries import counter

    desk = opening.open_desk(Path(asked["database"]), PASSPHRASE)
    prices = counter.price_list(desk)
    for n, line in enumerate(sys.stdin):
        row = json.loads(line)
        basket = sell.Basket(row["uid"], 0)
        for article in row["lines"]:
            basket = shop._with_row(basket, prices, {}, article)
        with desk.db.write() as session:
            receipt = sell.sale_in(session, desk, 1, basket, sell.PaymentForm(0), override="essai")
            sys.stdout.write(json.dumps({"receipt": receipt.number}) + "\n")
            sys.stdout.flush()
            if n == asked["control"]:
                os.kill(os.getpid(), signal.SIGKILL)
    return 0


# --- the side that kills


@dataclass
class Tally:
    """What a campaign of kills found."""

    kills: int = 0
    acknowledged: int = 0
    answered_twice: int = 0
    problems: list[str] = field(default_factory=list)


@contextmanager
def server() -> Iterator[socket.socket]:
    ours, theirs = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, "-c", "import socket, sys; from tests.cli import selling; selling.serve(socket.socket(fileno=int(sys.argv[1])))",
         str(theirs.fileno())],
        pass_fds=[theirs.fileno()], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "EPICERIE_PASSPHRASE": PASSPHRASE},
    )  # fmt: skip
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.wait(30)


class Till:
    """One round: a child that sells what is written to it until it is killed."""

    def __init__(self, control: socket.socket, database: Path, *, stop_at: int = 0) -> None:
        (in_read, in_write), (out_read, out_write) = os.pipe(), os.pipe()
        message = json.dumps({"database": str(database), "control": stop_at}).encode()
        socket.send_fds(control, [message], [in_read, out_write])
        os.close(in_read)
        os.close(out_write)
        self._control = control
        self._in, self.answers = os.fdopen(in_write, "w", encoding="utf-8"), os.fdopen(out_read, encoding="utf-8")
        self.pid = int(self._told())

    def _told(self) -> bytes:
        found = b""
        while not found.endswith(b"\n"):
            found += self._control.recv(1)
        return found

    def feed(self, rows: list[dict[str, Any]]) -> None:
        self._in.write("".join(json.dumps(row) + "\n" for row in rows))
        self._in.flush()

    def end(self) -> tuple[list[str], int]:
        """Return the answers that were still in the pipe, and how the child ended."""
        left = self.answers.read().splitlines()
        self.answers.close()
        status = int(self._told())
        with suppress(BrokenPipeError):
            self._in.close()
        return left, status


def row(article: int) -> dict[str, Any]:
    lines = [{"article": article, "grams": GRAMS}] * LINES
    return {"uid": str(uuid.uuid4()), "household": "1-0001", "override": "essai", "lines": lines}


def kill_while_selling(
    control: socket.socket, database: Path, article: int, rng: random.Random, kills: int, *, each: int = 10
) -> Tally:
    """Kill a till `kills` times, `each` baskets in hand at most; what was not answered is sent again to the next one."""
    tally = Tally()
    receipts: dict[str, str] = {}
    waiting: list[dict[str, Any]] = []
    for _ in range(kills):
        waiting += [row(article) for _ in range(each - len(waiting))]
        till = Till(control, database)
        till.feed(waiting)
        wait_for = rng.randrange(each - 1)
        answered = [till.answers.readline() for _ in range(wait_for)]
        until = time.perf_counter() + rng.random() * 0.008
        while time.perf_counter() < until:
            pass
        os.kill(till.pid, signal.SIGKILL)
        left, status = till.end()
        answered += left
        tally.kills += os.WIFSIGNALED(status)
        for asked, line in zip(waiting, answered, strict=False):
            told = json.loads(line)
            receipts[asked["uid"]] = told["receipt"]
            tally.answered_twice += told["again"]
        waiting = waiting[len(answered) :]
        tally.problems += audit(database, receipts, len(receipts) + bool(waiting))
    tally.acknowledged = len(receipts)
    return tally


def audit(database: Path, receipts: dict[str, str], most: int) -> list[str]:
    """Return what is wrong in a file after a kill: acknowledged sales lost, halves, gaps, books that do not add up."""
    desk = opening.open_desk(database, PASSPHRASE)
    found = [f"{f.what} {f.where}" for f in safeguard.verify_file(desk)]
    found += desk.db.damage()
    with desk.db.read() as session:
        run = session.connection().exec_driver_sql
        there = {uuid.UUID(bytes=uid): number for uid, number in run("SELECT uid, number FROM sale")}
        sizes = run(
            "SELECT s.id, s.grams, (SELECT count(*) FROM sale_line WHERE sale_id = s.id), (SELECT sum(grams) FROM sale_line WHERE sale_id = s.id), "
            "(SELECT -sum(grams) FROM stock_move WHERE sale_id = s.id), (SELECT count(*) FROM payment WHERE sale_id = s.id) FROM sale s"
        ).fetchall()
        sealed = run("SELECT count(*) FROM journal WHERE kind = 'sale'").scalar_one()
    desk.db.close()
    lost = [number for uid, number in receipts.items() if f"1-{there.get(uuid.UUID(uid), 0):06d}" != number]
    found += [f"perdu : {number}" for number in lost]
    found += [
        f"à moitié : {r}" for r in sizes if (r[1], *r[2:]) != (LINES * GRAMS, LINES, LINES * GRAMS, LINES * GRAMS, 1)
    ]
    if sorted(there.values()) != list(range(1, len(there) + 1)):
        found.append("un numéro manque")
    if len(there) > most:
        found.append(f"{len(there)} tickets pour {most} paniers")
    if sealed != len(there):
        found.append("le journal ne compte pas les tickets")
    return found
