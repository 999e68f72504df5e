"""The look keeps its promises: contrasts, characters, sizes, and icons that are all there."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QFontMetricsF, QRawFont
from PySide6.QtWidgets import QApplication, QLabel

from epicerie_desktop.support import paths
from epicerie_desktop.ui import theme

TEXT_PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink_soft", "ink_disabled") for ground in ("page", "surface", "sunken")],
    *[
        ("ink", ground)
        for ground in ("selection", "tint", "ok_tint", "ask_tint", "no_tint", "info_tint", "neutral_tint")
    ],
    *[(tone, f"{tone}_tint") for tone in ("ok", "ask", "no", "info", "neutral")],
    *[(tone, ground) for tone in ("ok", "ask", "no", "info", "primary") for ground in ("surface", "page")],
    *[("on_primary", f"primary{state}") for state in ("", "_hover", "_pressed")],
    *[("on_danger", f"danger{state}") for state in ("", "_hover", "_pressed")],
    *[("on_verdict", tone) for tone in ("ok", "ask", "no", "neutral")],
    ("primary", "tint"),
    *[(tone, "selection") for tone in ("ink_soft", "ok", "ask", "no", "info")],
    ("surface", "ink"),
]
SHAPE_PAIRS = [(c, ground) for c in ("edge", "focus") for ground in ("surface", "page")] + [
    ("focus", "sunken"), ("focus", "selection"), ("focus", "ok_tint"), ("focus", "ask_tint"), ("focus", "no_tint"),
]  # fmt: skip
NEEDED = "éèêëàâçîïôöùûüÿÉÈÀÇœŒæÆ€’«»–—…ŁłŞşİıĞğȘșȚțńčćśźżäöüßñãõáíóúőűřšžěýđðþ°×·−½²\u00a0\u202f\u2007"


def luminance(colour: str) -> float:
    channels = [c / 255 for c in QColor(colour).getRgb()[:3]]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("name", "least"), [("light", 4.5), ("contrast", 7.0)])
def test_every_text_stands_out_from_its_ground_as_wcag_asks(name: str, least: float) -> None:
    colours = theme.load(name).colours
    weak = {f"{a} on {b}": contrast(colours[a], colours[b]) for a, b in TEXT_PAIRS}
    assert {k: v for k, v in weak.items() if v < least} == {}


@pytest.mark.parametrize("name", theme.THEMES)
def test_edges_of_fields_and_the_focus_ring_are_seen(name: str) -> None:
    colours = theme.load(name).colours
    weak = {f"{a} on {b}": contrast(colours[a], colours[b]) for a, b in SHAPE_PAIRS}
    assert {k: v for k, v in weak.items() if v < 3.0} == {}


def test_both_themes_name_the_same_colours() -> None:
    assert set(theme.load("light").colours) == set(theme.load("contrast").colours)


def test_the_design_document_gives_the_contrasts_of_the_tokens() -> None:
    document = Path(__file__).resolve().parents[2] / "docs" / "design.md"
    rows = re.findall(
        r"^\| `(\w+)` sur `(\w+)` \| ([\d,]+) \| ([\d,]+) \|$", document.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) > 30
    for a, b, *written in rows:
        for name, figure in zip(theme.THEMES, written, strict=True):
            colours = theme.load(name).colours
            assert int(contrast(colours[a], colours[b]) * 10) / 10 == float(figure.replace(",", ".")), (a, b, name)


def test_nothing_is_written_smaller_than_twelve_points_and_the_factor_is_held() -> None:
    assert min(theme.load().points.values()) >= 12
    assert theme.load(scale=1.6).points["base"] == pytest.approx(13 * 1.6)
    assert theme.load(scale=9.0).scale == 1.6
    assert theme.load(scale=0.2).scale == 1.0
    assert theme.load("unknown").name == "light"


@pytest.mark.parametrize("weight", theme.FONT_FILES)
def test_the_fonts_hold_every_character_french_and_its_names_need(qapp: QApplication, weight: str) -> None:
    font = QRawFont(str(theme.font_file(weight)), 16)
    assert font.isValid()
    assert [hex(ord(c)) for c in NEEDED if not font.supportsCharacter(ord(c))] == []


@pytest.mark.parametrize("weight", theme.FONT_FILES)
def test_the_fonts_have_truetype_outlines_and_may_be_embedded_in_a_pdf(weight: str) -> None:
    data = theme.font_file(weight).read_bytes()
    count = struct.unpack(">H", data[4:6])[0]
    tables = {data[12 + 16 * i : 16 + 16 * i] for i in range(count)}
    assert data[:4] == b"\x00\x01\x00\x00"
    assert {b"glyf", b"loca", b"cmap"} <= tables
    assert paths.resource("fonts", "OFL.txt").read_text(encoding="utf-8").count("SIL OPEN FONT LICENSE") == 1


def test_figures_have_one_width_so_that_columns_align(qapp: QApplication) -> None:
    theme.apply(qapp)
    for bold in (False, True):
        metrics = QFontMetricsF(theme.tokens().font("base", bold=bold))
        assert len({round(metrics.horizontalAdvance(d * 10), 1) for d in "0123456789\u2007"}) == 1


def test_applying_a_theme_dresses_the_application_and_may_be_done_again(qapp: QApplication) -> None:
    theme.apply(qapp, "contrast", 1.4)
    title = QLabel("Titre")
    title.setProperty("role", "title")
    title.ensurePolished()
    assert theme.FAMILY in QFontDatabase.families()
    assert QFontInfo(QFont(theme.FAMILY)).family() == theme.FAMILY
    assert title.font().pointSizeF() == pytest.approx(28)
    theme.apply(qapp, "light", 1.0)
    assert title.font().pointSizeF() == pytest.approx(20)
    assert theme.tokens().name == "light"


def test_an_icon_takes_the_colour_asked_for(qapp: QApplication) -> None:
    theme.apply(qapp)
    image = theme.icon("check", "primary", 24).pixmap(24, 24).toImage()
    seen = {
        image.pixelColor(x, y).name() for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() == 255
    }
    assert seen == {theme.tokens().colours["primary"].lower()}


def test_every_icon_named_in_the_windows_is_in_the_resources() -> None:
    sources = Path(theme.__file__).parent
    named: set[str] = set()
    for path in sources.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r"(?:theme\.icon|theme\.pixmap|IconMark|EmptyState)\(\s*\"([a-z0-9-]+)\"", text))
        named |= set(re.findall(r"ActionButton\([^()\"]*(?:\([^()]*\))?,\s*\"[^\"]*\",\s*\"([a-z0-9-]+)\"", text))
    missing = {n for n in named if not paths.resource("icons", f"{n}.svg").is_file()}
    assert missing == set()
    assert len(named) > 5
