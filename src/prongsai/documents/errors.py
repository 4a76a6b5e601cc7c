"""What goes wrong while a document is written: the errors of the house, with one place and both wordings at hand."""

from __future__ import annotations

from prongsai.errors import InputError, Problem


class DocumentError(InputError):
    """A document cannot be made. ``where`` names the block, cell, file or entry."""

    code = "documents.content"

    def __init__(self, message_th: str, message_en: str, where: str, next_th: str = "") -> None:
        super().__init__(Problem(self.code, where, message_th, message_en, next_th))
        self.message_th = message_th
        self.message_en = message_en
        self.where = where


class FontMissingError(DocumentError):
    """No Thai face to measure or draw with."""

    code = "documents.font"


class TemplateError(DocumentError):
    """An agency template that is unsafe or that asks for something it may not have."""

    code = "documents.template"


class PdfError(DocumentError):
    """A PDF that does not read back as its document, or that could not be made at all. It is not handed out."""

    code = "documents.pdf"
