"""The three kinds of trouble a person may meet, and how their sentence is built. Knows no screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Trouble(Exception):
    """A trouble whose sentence is built when shown, in the language then chosen.

    `template` is a French sentence (a gettext key, marked with `N_`), with named fields filled by `fields`. A field
    that is callable is called when the sentence is built, so that dates and amounts follow the language too.
    """

    def __init__(self, template: str, /, **fields: Any) -> None:
        super().__init__(template, fields)
        self.template = template
        self.fields = fields

    def sentence(self, translate: Callable[[str], str]) -> str:
        """Return the sentence to show, translated by `translate` and with its fields filled."""
        values = {k: v() if callable(v) else v for k, v in self.fields.items()}
        return translate(self.template).format(**values)

    def __str__(self) -> str:
        from epicerie_desktop.support.i18n import (
            gettext,
        )  # the sentence is built when shown, in the language of that moment

        return self.sentence(gettext)


class RuleRefused(Trouble):
    """A rule says no: shown calmly, never logged as an error. Nothing was written."""


class BadInput(RuleRefused):
    """What was typed, scanned or read cannot be understood; the sentence says what to do."""


class Stale(RuleRefused):
    """Somebody else saved the same row since it was read; the second is told, nothing was written."""


class EnvironmentTrouble(Trouble):
    """Disk, stick, printer, scale, file: what happened and what to do, with a short `code` such as `BDD-201`."""

    def __init__(self, code: str, template: str, /, **fields: Any) -> None:
        super().__init__(template, **fields)
        self.code = code
