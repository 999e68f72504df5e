"""The look: fonts, colours, sizes and icons of `resources`, applied to the whole application. Knows no screen.

Widgets that paint themselves read `tokens()` when they paint; the others take their look from one stylesheet by their
`role` property, so that `apply` may change theme and text size while the program runs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from types import MappingProxyType

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from epicerie_desktop.support import paths

THEMES = ("light", "contrast")
FAMILY = "Atkinson Hyperlegible Next"
FONT_FILES = ("Regular", "Bold", "Italic")
SMALLEST_SCALE, LARGEST_SCALE = 1.0, 1.6
_RATIOS = (1.0, 2.0)


@dataclass(frozen=True)
class Tokens:
    """The values in use: colours by name, and sizes already multiplied by the text size factor."""

    name: str
    scale: float
    colours: Mapping[str, str]
    points: Mapping[str, float]
    space: Mapping[str, int]
    heights: Mapping[str, int]
    radius: int
    focus_width: int

    def colour(self, name: str) -> QColor:
        """Return a colour by its name (`ink`, `primary` …); KeyError if there is none."""
        return QColor(self.colours[name])

    def font(self, role: str = "base", *, bold: bool = False) -> QFont:
        """Return the font of a role of the type scale, at the size in use."""
        font = QFont(FAMILY)
        font.setPointSizeF(self.points[role])
        font.setBold(bold)
        return font


def load(theme: str = "light", scale: float = 1.0) -> Tokens:
    """Return the tokens of a theme (`light` for an unknown one) at a text size factor held between 1.0 and 1.6."""
    name = theme if theme in THEMES else THEMES[0]
    factor = min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)
    colours = json.loads(paths.resource("theme", f"{name}.json").read_text(encoding="utf-8"))["colours"]
    sizes = json.loads(paths.resource("theme", "sizes.json").read_text(encoding="utf-8"))
    return Tokens(
        name=name,
        scale=factor,
        colours=MappingProxyType(colours),
        points=MappingProxyType({k: v * factor for k, v in sizes["points"].items()}),
        space=MappingProxyType(sizes["space"]),
        heights=MappingProxyType({k: round(v * factor) for k, v in sizes["heights"].items()}),
        radius=sizes["radius"],
        focus_width=sizes["focus_width"],
    )


_tokens: Tokens | None = None
_fonts_loaded = False


def tokens() -> Tokens:
    """Return the tokens in use; those of the light theme before `apply`."""
    global _tokens
    if _tokens is None:
        _tokens = load()
    return _tokens


def apply(app: QApplication, theme: str = "light", scale: float = 1.0) -> None:
    """Dress the application: embedded fonts, palette, stylesheet. May be called again at any time."""
    global _tokens
    _load_fonts()
    _tokens = load(theme, scale)
    app.setStyleSheet("")
    style = QStyleFactory.create("Fusion")
    app.setStyle(style)
    app.setFont(_tokens.font())
    app.setPalette(_palette(_tokens))
    app.setStyleSheet(stylesheet(_tokens))


def stylesheet(t: Tokens) -> str:
    """Return the one stylesheet, its names replaced by the values of `t`."""
    template = Template(paths.resource("theme", "style.qss").read_text(encoding="utf-8"))
    tick = round(20 * t.scale)
    values: dict[str, object] = dict(t.colours)
    values |= {k: f"{v:g}" for k, v in t.points.items()}
    values |= {
        "family": FAMILY,
        "icons": paths.resource("icons").as_posix(),
        "theme": paths.resource("theme").as_posix(),
        "radius": t.radius,
        "focus_width": t.focus_width,
        "control_inner": t.heights["control"] - 6,
        "row": t.heights["row"],
        "target": t.heights["header"] - 6,
        "tick": tick,
        "tick_half": tick // 2 + 2,
        "tick_ring": 7,
        "tick_core": tick - 10,
    }
    return template.substitute(values)


def _load_fonts() -> None:
    global _fonts_loaded
    if _fonts_loaded:
        return
    for weight in FONT_FILES:
        path = font_file(weight)
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FileNotFoundError(path.name)
    _fonts_loaded = True


def font_file(weight: str) -> Path:
    """Return the TrueType file of a weight: `Regular`, `Bold` or `Italic`."""
    return paths.resource("fonts", f"AtkinsonHyperlegibleNext-{weight}.ttf")


def _palette(t: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, name in (
        (role.Window, "page"), (role.WindowText, "ink"), (role.Base, "surface"), (role.AlternateBase, "surface"),
        (role.Text, "ink"), (role.Button, "surface"), (role.ButtonText, "ink"), (role.Highlight, "selection"),
        (role.HighlightedText, "ink"), (role.ToolTipBase, "ink"), (role.ToolTipText, "surface"), (role.Link, "primary"),
        (role.PlaceholderText, "ink_soft"), (role.Mid, "line"), (role.Dark, "edge"),
    ):  # fmt: skip
        palette.setColor(which, t.colour(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, t.colour("ink_disabled"))
    return palette


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    return paths.resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Return an icon drawn in `colour` (« #rrggbb »), `size` logical pixels wide, for a screen of that ratio."""
    renderer = QSvgRenderer(QByteArray(re.sub("currentColor", colour, _drawing(name)).encode()))
    drawn = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def icon(name: str, colour: str | None = None, size: int = 24) -> QIcon:
    """Return a Lucide icon tinted with a token's name or a « #rrggbb »; the ink's colour by default."""
    t = tokens()
    return _icon(name, t.colours.get(colour or "ink", colour or ""), t.colours["ink_disabled"], size)


@lru_cache(maxsize=512)
def _icon(name: str, colour: str, disabled: str, size: int) -> QIcon:
    found = QIcon()
    for ratio in _RATIOS:
        found.addPixmap(pixmap(name, colour, size, ratio))
        found.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return found


def set_role(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a property the stylesheet looks at (`role`, `wrong`) and dress the widget again if it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
