"""Pictures of papers and people, from memory only: a scan shown, a photo made small. Nothing is written anywhere."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from epicerie_desktop.domain.support import MOST_PORTRAIT_BYTES, ScanKind
from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_
from epicerie_desktop.ui.pdf_view import Page, PdfView, draw_page
from epicerie_desktop.ui.screen import Screen

_DOTS_PER_POINT = 96 / 72
_PORTRAIT = QSize(360, 480)


def read_picture(content: bytes) -> QImage:
    """Return a picture upright, without what the camera wrote beside it. Raises `BadInput` for one that cannot be read."""
    data = QByteArray(content)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    picture = reader.read()
    if picture.isNull():
        raise BadInput(N_("Cette image est abîmée ou trop grande : choisissez-en une autre."))
    return picture


def small_portrait(content: bytes) -> bytes:
    """Return a photo as a JPEG of at most `MOST_PORTRAIT_BYTES`. Raises `BadInput` for one that cannot be read."""
    picture = read_picture(content).scaled(
        _PORTRAIT, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    picture = picture.convertToFormat(QImage.Format.Format_RGB32)
    for quality in (85, 70, 55, 40, 25):
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        picture.save(buffer, "JPEG", quality)  # type: ignore[call-overload]
        made = bytes(data.data())
        if 0 < len(made) <= MOST_PORTRAIT_BYTES:
            return made
    raise BadInput(N_("Cette photo n'a pas pu être réduite : choisissez-en une autre."))


def draw_picture(content: bytes, number: int, scale: float, *, width: int = 0) -> Page:
    """Return a picture as the only page of a document, drawn as `draw_page` does."""
    picture = read_picture(content)
    points = picture.width() / _DOTS_PER_POINT
    wide = width or max(1, round(points * scale))
    drawn = picture.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
    return Page(number, 1, points, drawn)


def draw_scan(content: bytes, number: int, scale: float, *, width: int = 0) -> Page:
    """Return a page of a scanned PDF. Raises `BadInput` for one that is damaged or locked."""
    from pypdfium2 import PdfiumError

    try:
        return draw_page(content, number, scale, width=width)
    except PdfiumError as error:
        raise BadInput(N_("Ce PDF est abîmé ou protégé par un mot de passe : scannez de nouveau le papier.")) from error


class ScanView(PdfView):
    """A scan shown from memory: neither kept elsewhere nor printed. One that cannot be drawn closes it, and is told by the screen."""

    def __init__(self, screen: Screen, content: bytes, kind: ScanKind, title: str) -> None:
        self._screen = screen
        super().__init__(
            screen,
            screen.context.long,
            content,
            title,
            view_only=True,
            draw=draw_scan if kind is ScanKind.PDF else draw_picture,
        )

    def _on_trouble(self, error: Exception) -> None:
        self.reject()
        self._screen.on_trouble(error)
