"""Work off the window's thread: one worker that owns every short read and write, one for long work. Knows no service."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, Signal, Slot


@dataclass(frozen=True, slots=True)
class _Job:
    number: int
    work: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class _Waiting:
    owner: QObject
    then: Callable[[Any], None] | None
    failed: Callable[[Exception], None]
    key: str
    stepped: Callable[[int, int], None] | None = None


class _Worker(QObject):
    """Lives in the worker's thread; runs one job after the other."""

    finished = Signal(int, object, object)
    stepped = Signal(int, int, int)

    @Slot(object)
    def run(self, job: _Job) -> None:
        """Run a job and tell its value or its error."""
        try:
            self.finished.emit(job.number, job.work(), None)
        except Exception as error:
            self.finished.emit(job.number, None, error)


class Background(QObject):
    """A worker thread with its queue; answers come back on the window's thread, in order.

    An answer whose owner is gone is dropped, and so is one that a newer question of the same owner and key replaced.
    """

    _submitted = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, name: str, parent: QObject | None = None, *, held: bool = False) -> None:
        """Start the worker, unless it is `held`: what is asked meanwhile waits for `begin`."""
        super().__init__(parent)
        self._numbers = itertools.count(1)
        self._waiting: dict[int, _Waiting] = {}
        self._latest: dict[tuple[int, str], int] = {}
        self._thread = QThread()
        self._thread.setObjectName(name)
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._submitted.connect(self._worker.run, Qt.ConnectionType.QueuedConnection)
        self._worker.finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self._worker.stepped.connect(self._on_stepped, Qt.ConnectionType.QueuedConnection)
        if not held:
            self.begin()
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    @Slot()
    def begin(self) -> None:
        """Start the worker, once."""
        if not self._thread.isRunning() and not self._thread.isFinished():
            self._thread.start()

    def submit(
        self,
        owner: QObject,
        work: Callable[[], Any],
        then: Callable[[Any], None] | None,
        failed: Callable[[Exception], None],
        *,
        key: str = "",
    ) -> None:
        """Queue `work`; `then` gets its value, `failed` its error, on the window's thread.

        With a `key`, a later question of the same owner makes the earlier answer worthless: it is dropped.
        """
        self._queue(next(self._numbers), _Waiting(owner, then, failed, key), work)

    def submit_steps(
        self,
        owner: QObject,
        work: Callable[[Callable[[int, int], None]], Any],
        then: Callable[[Any], None],
        failed: Callable[[Exception], None],
        stepped: Callable[[int, int], None],
        *,
        key: str = "",
    ) -> None:
        """Do the same with work that is given a way to tell how far it is; `stepped` hears of it on the window's thread."""
        number = next(self._numbers)
        tell = self._worker.stepped.emit
        self._queue(
            number,
            _Waiting(owner, then, failed, key, stepped),
            lambda: work(lambda done, total: tell(number, done, total)),
        )

    def _queue(self, number: int, waiting: _Waiting, work: Callable[[], Any]) -> None:
        owner, key = waiting.owner, waiting.key
        self._waiting[number] = waiting
        if key:
            self._latest[(id(owner), key)] = number
        if len(self._waiting) == 1:
            self.busy_changed.emit(True)
        self._submitted.emit(_Job(number, work))

    @property
    def busy(self) -> bool:
        """Return whether a job is queued or running."""
        return bool(self._waiting)

    def busy_now(self) -> bool:
        """Return the same as `busy`, as a function to be given away."""
        return self.busy

    def stop(self) -> None:
        """Let the queued jobs finish, then end the thread."""
        self._thread.quit()
        self._thread.wait()

    @Slot(int, int, int)
    def _on_stepped(self, number: int, done: int, total: int) -> None:
        waiting = self._waiting.get(number)
        if waiting is not None and waiting.stepped is not None and shiboken6.isValid(waiting.owner):
            waiting.stepped(done, total)

    @Slot(int, object, object)
    def _on_finished(self, number: int, value: Any, error: Exception | None) -> None:
        waiting = self._waiting.pop(number)
        if not self._waiting:
            self.busy_changed.emit(False)
        if not shiboken6.isValid(waiting.owner):
            return
        if waiting.key and self._latest.get((id(waiting.owner), waiting.key)) != number:
            return
        if error is not None:
            waiting.failed(error)
        elif waiting.then is not None:
            waiting.then(value)
