"""Notices: documents that rest on no score sheet. One module each: a small dataclass, and ``build(it) -> Document``.

The second door beside ``kinds/``: what is built here goes through the same tree and the same writers.
"""

from __future__ import annotations

from dataclasses import replace

from prongsai.documents.digits import with_thai_digits
from prongsai.documents.request import Digits
from prongsai.documents.tree import Document


def finished(document: Document, agency: str, kind: str, digits: Digits) -> Document:
    """The last step of every notice: whose it is, what it is, and its digits."""
    document = replace(document, agency=agency, kind=kind, digits=digits)
    return with_thai_digits(document) if digits == "thai" else document
