"""What the tests of notices share: invented agencies, reading files back."""

from __future__ import annotations

import io
import zipfile

import pypdfium2

from prongsai.documents.tree import Document
from prongsai.documents.writers import write

AGENCY = "เทศบาลเมืองตัวอย่าง"
LONG_NAME = "องค์การบริหารส่วนตำบล" + "บ้านหนองตัวอย่างยาวมาก" * 8 + " อำเภอเมือง จังหวัดสมมติ"
ADDRESS = "https://ita.example.go.th/a/10012"
TYPED = "ita.example.go.th/a/10012"
LONG_ADDRESS = "https://survey.integrity-assessment.example.go.th/service-point/0012345"


def pages(pdf: bytes) -> list[str]:
    """The text of each page without whitespace, since a Thai line may break anywhere."""
    with pypdfium2.PdfDocument(pdf) as file:
        return ["".join(page.get_textpage().get_text_range().replace("\ufffe", "-").split()) for page in file]


def bare(text: str) -> str:
    return "".join(text.split())


def word_text(document: Document) -> str:
    """The XML of the Word file's body."""
    with zipfile.ZipFile(io.BytesIO(write(document, "docx"))) as file:
        return file.read("word/document.xml").decode()


def workbook(document: Document) -> dict[str, list[list[object]]]:
    """All sheets as a spreadsheet reads them."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(write(document, "xlsx")))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
