"""The logo of the shop: any picture brought, made small, flat and without what a camera hides in it."""

from __future__ import annotations

import io

from epicerie_desktop.support.errors import BadInput
from epicerie_desktop.support.i18n import N_

MOST_BYTES = 5_000_000
MOST_PIXELS = 40_000_000
_WIDTH, _HEIGHT = 900, 450
"""Points enough for a corner of a page at 300 dpi."""


def prepared(content: bytes) -> bytes:
    """Return a picture (PNG, JPEG) as the PNG that papers draw: at most 900 × 450, on white, nothing else in the file.

    Raises `BadInput` for what is not such a picture, or is too large to be opened safely.
    """
    from PIL import Image

    if len(content) > MOST_BYTES:
        raise BadInput(N_("Cette image est trop lourde : 5 Mo au plus."))
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as found:
            if found.width * found.height > MOST_PIXELS:
                raise BadInput(N_("Cette image est trop grande : réduisez-la, puis recommencez."))
            found.load()
            clear = found.convert("RGBA")
    except BadInput:
        raise
    except Exception as error:  # A picture can be broken in as many ways as there are bytes.
        raise BadInput(N_("Ce fichier n'est pas une image PNG ou JPEG lisible.")) from error
    clear.thumbnail((_WIDTH, _HEIGHT))
    flat = Image.new("RGB", clear.size, "white")
    flat.paste(clear, mask=clear.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "PNG", optimize=True)
    return out.getvalue()
