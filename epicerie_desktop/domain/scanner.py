"""What a scanner does to the codes it types: told from two known codes, so that a person knows what to set on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from epicerie_desktop.domain.codes import unscramble, without_identifier
from epicerie_desktop.domain.gs1 import SEPARATOR, with_separators

TEST_EAN = "9501101530003"
"""The article number of the test sheet: the one that GS1 gives as an example, nobody's."""
TEST_GS1 = ("01", "09501101530003", "10", "LOT-A1", "17", "271231")
"""The GS1 message of the test sheet: a lot, of any length, then a date: only a separator parts them."""

_QWERTY_ON_AZERTY = str.maketrans("1234567890-", "&é\"'(-è_çà)")
_LAST = ("\r", "\n", "\t")


class Finding(StrEnum):
    """What a scan shows of the scanner."""

    RIGHT = "RIGHT"
    KEYBOARD = "KEYBOARD"
    CAPITALS = "CAPITALS"
    NO_ENTER = "NO_ENTER"
    NO_IDENTIFIER = "NO_IDENTIFIER"
    NO_SEPARATOR = "NO_SEPARATOR"
    TYPED_SEPARATOR = "TYPED_SEPARATOR"
    PREFIX = "PREFIX"
    CUT = "CUT"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one scan showed; `identifier` is the symbology identifier the scanner put before it, or empty."""

    findings: tuple[Finding, ...]
    identifier: str = ""

    @property
    def right(self) -> bool:
        """Return whether the program understands this scanner as it is set."""
        return not set(self.findings) - {Finding.RIGHT, Finding.NO_IDENTIFIER, Finding.TYPED_SEPARATOR}


def gs1_raw() -> str:
    """Return the message of the test sheet as a scanner should type it, without its identifier."""
    gtin, lot, day = TEST_GS1[1::2]
    return f"01{gtin}10{lot}{SEPARATOR}17{day}"


def diagnose_article(typed: str, *, entered: bool = True) -> Diagnosis:
    """Return what the scan of the article number shows. `entered`: whether Enter or Tab came by itself after it."""
    text = typed.strip("".join(_LAST))
    found = [] if entered else [Finding.NO_ENTER]
    symbol, body = without_identifier(text)
    if body == TEST_EAN:
        return Diagnosis((*found, Finding.RIGHT), symbol)
    folded = _from_qwerty(body)
    if folded == TEST_EAN:
        capitals = any(sign.isupper() for sign in body)
        return Diagnosis((*found, Finding.CAPITALS if capitals else Finding.KEYBOARD), symbol)
    if TEST_EAN in folded:
        return Diagnosis((*found, Finding.PREFIX), symbol)
    if body and (body in TEST_EAN or folded in TEST_EAN):
        return Diagnosis((*found, Finding.CUT), symbol)
    return Diagnosis((*found, Finding.OTHER), symbol)


def diagnose_gs1(typed: str, *, entered: bool = True) -> Diagnosis:
    """Return what the scan of the GS1 message shows: what parts the lot from the date, and the identifier before it."""
    text = typed.strip("".join(_LAST))
    found = [] if entered else [Finding.NO_ENTER]
    symbol, body = without_identifier(text)
    wanted = gs1_raw()
    for body_now, keyboard in ((body, False), (_from_qwerty(body), True)):
        if body_now.lstrip(SEPARATOR) == wanted:
            found.append(Finding.KEYBOARD if keyboard else Finding.RIGHT)
        elif with_separators(body_now).lstrip(SEPARATOR) == wanted:
            found.append(Finding.KEYBOARD if keyboard else Finding.TYPED_SEPARATOR)
        elif body_now == wanted.replace(SEPARATOR, ""):
            found += [Finding.KEYBOARD] * keyboard + [Finding.NO_SEPARATOR]
        else:
            continue
        if not symbol and not body_now.startswith(SEPARATOR):
            found.append(Finding.NO_IDENTIFIER)
        return Diagnosis(tuple(found), symbol)
    bare = wanted.replace(SEPARATOR, "")
    if len(body) > 4 and (bare.startswith(body) or bare.endswith(body)):
        return Diagnosis((*found, Finding.CUT), symbol)
    return Diagnosis((*found, Finding.OTHER), symbol)


def _from_qwerty(text: str) -> str:
    """Return what a scanner set to an American keyboard meant when it typed on a French one."""
    whole = unscramble(text)
    if whole != text:
        return whole
    back = {
        ord(typed): chr(meant)
        for meant, typed in ((k, chr(v) if isinstance(v, int) else v) for k, v in _QWERTY_ON_AZERTY.items())
    }
    back |= {
        ord("q"): "a",
        ord("a"): "q",
        ord("Q"): "A",
        ord("A"): "Q",
        ord("w"): "z",
        ord("z"): "w",
        ord("W"): "Z",
        ord("Z"): "W",
    }
    back[ord(")")] = "-"
    return text.translate(back)
