"""The codes of the support file, clear or sealed, and the few rules that need no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

MOST_SCAN_BYTES = 5_000_000
"""Of one scan."""
MOST_HOUSEHOLD_BYTES = 50_000_000
"""Of every scan of a household together."""
MOST_PORTRAIT_BYTES = 60_000
MOST_CENTS = 1_000_000_00
"""Of a debt or a project: far more than what passes at the till."""
SOON_DAYS = 30
"""A paper or a procuration that ends within so many days is told."""


class ReferralReason(StrEnum):
    """Why a household was referred. Clear in the file: none tells of health, origin or belief; the rest is sealed words."""

    DEBTS = "DEBTS"
    HOUSING = "HOUSING"
    ENERGY = "ENERGY"
    INCOME_DROP = "INCOME_DROP"
    RIGHTS_PENDING = "RIGHTS_PENDING"
    FAMILY_CHANGE = "FAMILY_CHANGE"
    UNEXPECTED = "UNEXPECTED"
    PROJECT = "PROJECT"
    OTHER = "OTHER"


class ObjectiveKind(StrEnum):
    """What a personal project is about."""

    DEBT = "DEBT"
    BILL = "BILL"
    HOUSING = "HOUSING"
    LICENCE = "LICENCE"
    CARE = "CARE"
    VEHICLE = "VEHICLE"
    FURNITURE = "FURNITURE"
    TRAINING = "TRAINING"
    OTHER = "OTHER"


class ObjectiveState(StrEnum):
    """Where a project stands."""

    OPEN = "OPEN"
    REACHED = "REACHED"
    PARTLY = "PARTLY"
    DROPPED = "DROPPED"


class UndertakingKind(StrEnum):
    """A dated paper between the household and the shop."""

    CONTRACT = "CONTRACT"
    RULES = "RULES"
    NOTICE = "NOTICE"
    PROXY = "PROXY"


class PaperKind(StrEnum):
    """What a paper is; none tells a nationality or an illness."""

    IDENTITY = "IDENTITY"
    RESIDENCE = "RESIDENCE"
    FAMILY = "FAMILY"
    INCOME = "INCOME"
    ALLOWANCES = "ALLOWANCES"
    TAX = "TAX"
    RENT = "RENT"
    CHARGES = "CHARGES"
    DEBTS = "DEBTS"
    REFERRAL = "REFERRAL"
    SIGNED = "SIGNED"
    OTHER = "OTHER"


class ReviewResult(StrEnum):
    """What a review of the accompaniment finds."""

    ON_TRACK = "ON_TRACK"
    PARTLY = "PARTLY"
    STUCK = "STUCK"
    REACHED = "REACHED"


class ExitReason(StrEnum):
    """Why an accompaniment ends."""

    REACHED = "REACHED"
    RIGHTS_ENDED = "RIGHTS_ENDED"
    IMPROVED = "IMPROVED"
    MOVED = "MOVED"
    GAVE_UP = "GAVE_UP"
    EXCLUDED = "EXCLUDED"
    REORIENTED = "REORIENTED"
    DEATH = "DEATH"
    OTHER = "OTHER"


class ExitResult(StrEnum):
    """Whether what was aimed at was reached."""

    YES = "YES"
    PARTLY = "PARTLY"
    NO = "NO"


class ScanKind(StrEnum):
    """What a scan is, told by its first bytes, never by its name."""

    PDF = "PDF"
    JPEG = "JPEG"
    PNG = "PNG"


_STARTS = ((b"%PDF-", ScanKind.PDF), (b"\xff\xd8\xff", ScanKind.JPEG), (b"\x89PNG\r\n\x1a\n", ScanKind.PNG))


def scan_kind(content: bytes) -> ScanKind:
    """Return what a scan is. Raises `BadInput` for anything but a PDF, a JPEG or a PNG."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    raise BadInput(
        N_("Ce fichier n'est ni un PDF, ni une image JPEG ou PNG : scannez le papier dans un de ces formats.")
    )


def checked_scan(content: bytes, kept: int = 0) -> ScanKind:
    """Return what a scan is; `kept` is how many bytes the household's other scans hold. Raises `BadInput`."""
    kind = scan_kind(content)
    if len(content) > MOST_SCAN_BYTES:
        raise BadInput(
            N_("Ce scan est trop lourd : {most} Mo au plus. Scannez-le en noir et blanc, ou en moins fin."),
            most=MOST_SCAN_BYTES // 1_000_000,
        )
    if kept + len(content) > MOST_HOUSEHOLD_BYTES:
        raise BadInput(
            N_("Les scans de ce foyer dépasseraient {most} Mo : retirez ceux qui ne servent plus, puis recommencez."),
            most=MOST_HOUSEHOLD_BYTES // 1_000_000,
        )
    return kind


class Expiry(StrEnum):
    """Where a day of expiry stands."""

    NONE = "NONE"
    VALID = "VALID"
    SOON = "SOON"
    OVER = "OVER"


def expiry_on(until: date | None, today: date) -> Expiry:
    """Return where a day of expiry (the last good one) stands `today`."""
    if until is None:
        return Expiry.NONE
    left = (until - today).days
    if left < 0:
        return Expiry.OVER
    return Expiry.SOON if left <= SOON_DAYS else Expiry.VALID


@dataclass(frozen=True, slots=True)
class Debt:
    """A debt as the household told it: cents still owed, and what is paid back each month (0: nothing agreed)."""

    creditor: str
    owed_cents: int
    monthly_cents: int = 0
    note: str = ""
