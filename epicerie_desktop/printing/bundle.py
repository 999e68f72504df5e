"""Several papers in one file, in their order: a meeting's letters are printed in one go. Knows no document."""

from __future__ import annotations

import io
from collections.abc import Iterable


def joined(papers: Iterable[bytes]) -> bytes:
    """Return one PDF that holds the pages of all of them."""
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    try:
        for content in papers:
            paper = pypdfium2.PdfDocument(content)
            try:
                whole.import_pages(paper)
            finally:
                paper.close()
        out = io.BytesIO()
        whole.save(out)
        return out.getvalue()
    finally:
        whole.close()
