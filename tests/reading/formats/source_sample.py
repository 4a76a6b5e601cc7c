"""Short ways to make invented files and to look at what was read from them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from prongsai.reading.formats.open import open_source
from prongsai.reading.source import Line, Picture, Source, Table

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def opened(folder: Path, name: str, content: str | bytes) -> Source:
    """A file with this content, read."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_source(path)


def tables(source: Source) -> list[Table]:
    """The tables of a file."""
    return [block for block in source.blocks if isinstance(block, Table)]


def lines(source: Source) -> list[str]:
    """The texts of its lines."""
    return [block.text for block in source.blocks if isinstance(block, Line)]


def pictures(source: Source) -> list[str]:
    """The words of its pictures."""
    return [block.text for block in source.blocks if isinstance(block, Picture)]


def texts(table: Table) -> list[list[str]]:
    """The texts of a table's cells."""
    return [[cell.text for cell in row] for row in table.rows]


def packed(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP package of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def word(body: str, **parts: str) -> bytes:
    """A Word file with this body; ``styles`` and ``numbering`` as their parts' content."""
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{RELATION}/{name}" Target="{name}.xml"/>'
        for number, name in enumerate(parts)
    )
    found: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships {PACKAGE}><Relationship Id="d" Type="{RELATION}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f"<Relationships {PACKAGE}>{relations}</Relationships>",
    }
    found |= {f"word/{name}.xml": content for name, content in parts.items()}
    return packed(found)


def paragraph(text: str, properties: str = "") -> str:
    """A Word paragraph."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
