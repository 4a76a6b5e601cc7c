"""A digitally signed PDF: is it our frozen file, whole and signed, and by whom as far as the site can tell.

Three questions, in this order. (1) Do the bytes begin with a PDF of the bundle, so that the signature was added to it
and nothing else was signed? (2) Did what was added leave every page as it was? An incremental update may redraw a page
before it is signed, and the signature would then be sound over a text that nobody froze. (3) Is each signature intact,
and does its certificate lead to a root that the administrator trusts? Nothing is fetched from anywhere.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from prongsai.errors import InputError, Problem

# The library logs a traceback for every certificate whose root is not known; to us that is an answer, not a fault.
logging.getLogger("pyhanko.sign").setLevel(logging.CRITICAL)
_CATALOG_MAY_GAIN = {"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Version"}
_LARGEST = 0.25  # of a page: a larger signature field could cover the text with another


def examine(signed: bytes, frozen: Iterable[tuple[str, bytes]], roots: Path | None) -> dict[str, Any]:
    """What was found: ``state`` (valid or intact), the signers, and the frozen file that was signed.

    ``frozen``: names and bytes of the bundle's PDFs. ``roots``: PEM file of trusted root certificates, or None.
    Raises ``InputError`` for a file of another bundle, an altered one, or one without a sound signature.
    """
    base = next(((name, data) for name, data in frozen if signed.startswith(data) and len(signed) > len(data)), None)
    if base is None:
        raise _bad(
            "signature.other_file",
            "ไฟล์นี้ไม่ได้ลงนามบน PDF ของฉบับที่เสนอ (เนื้อไฟล์เดิมไม่ตรงกัน)",
            "this is not a signed copy of a PDF of the bundle: the original bytes differ",
            "โปรดดาวน์โหลด PDF จากหน้านี้ ลงนามด้วยโปรแกรมที่บันทึกต่อท้ายไฟล์เดิม แล้วนำเข้าอีกครั้ง",
            "Download the PDF from this page, sign it with a program that appends to the file, and upload it again.",
        )
    try:
        reader, before = PdfFileReader(io.BytesIO(signed)), PdfFileReader(io.BytesIO(base[1]))
        changed = _changed(before, reader)
        signatures = list(reader.embedded_signatures)
        context = _context(roots)
        found = [validate_pdf_signature(signature, context) for signature in signatures]
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _bad(
            "signature.unreadable",
            "อ่านลายมือชื่อในไฟล์นี้ไม่ได้ ไฟล์อาจเสียหายหรือถูกแก้ไข",
            f"the signatures in this file cannot be read: {error}",
            "โปรดลงนามบน PDF ที่ดาวน์โหลดจากหน้านี้อีกครั้ง",
            "Sign the PDF downloaded from this page once more.",
        ) from error
    if not found:
        raise _bad(
            "signature.none",
            "ไม่พบลายมือชื่อดิจิทัลในไฟล์",
            "there is no digital signature",
            "โปรดเลือกไฟล์ที่ลงนามแล้ว",
            "Choose the signed file.",
        )
    if changed or not all(status.intact and status.valid and status.docmdp_ok for status in found):
        raise _bad(
            "signature.altered",
            "เนื้อหาถูกแก้ไขก่อนหรือหลังลงนาม จึงไม่รับไฟล์นี้",
            f"the content was altered before or after signing ({changed or 'signature not intact'})",
            "โปรดลงนามบน PDF ที่ดาวน์โหลดจากหน้านี้โดยไม่แก้ไขเนื้อหา",
            "Sign the PDF downloaded from this page without changing its content.",
        )
    valid = roots is not None and all(status.trusted for status in found)
    return {
        "state": "valid" if valid else "intact",
        "file": base[0],
        "signers": [
            {
                "name": str(status.signing_cert.subject.native.get("common_name", "–")),
                "issuer": str(status.signing_cert.issuer.native.get("common_name", "–")),
                "serial": f"{status.signing_cert.serial_number:x}",
                "signed_at": status.signer_reported_dt.isoformat() if status.signer_reported_dt else "",
                "trusted": roots is not None and bool(status.trusted),
            }
            for status in found
        ],
    }


def _context(roots: Path | None) -> ValidationContext:
    found = list(load_certs_from_pemder_data(roots.read_bytes())) if roots is not None else []
    return ValidationContext(trust_roots=found, allow_fetching=False)


def _changed(before: PdfFileReader, after: PdfFileReader) -> str:
    """What of the frozen file was replaced besides room for signatures; empty when nothing was."""
    size, root = int(before.trailer["/Size"]), before.root_ref.idnum
    pages = dict(_pages(before.root.raw_get("/Pages")))
    beside = {root, *(_number(before.trailer, "/Info"), _number(before.root, "/Metadata"))}
    for revision in range(before.xrefs.total_revisions, after.xrefs.total_revisions):
        replaced = {ref.idnum for ref in after.xrefs.explicit_refs_in_revision(revision)}
        replaced |= {ref.idnum for ref in after.xrefs.refs_freed_in_revision(revision)}
        # New objects reach a page only through an old one, so the old ones are what has to be looked at.
        touched = {number for number in replaced if 0 < number < size} - pages.keys() - beside
        if touched:
            return f"objects {sorted(touched)}"
    if after.root_ref.idnum != root or _differs(before.root, after.root, _CATALOG_MAY_GAIN):
        return "catalog"
    if "/AcroForm" in after.root and "/XFA" in after.root["/AcroForm"]:
        return "form"
    for number, old in pages.items():
        new: Any = cast(Any, after).get_object(generic.Reference(number, 0, after))
        if _differs(old, new, {"/Annots"}) or not _only_signatures_added(old, new):
            return f"page object {number}"
    return ""


def _pages(node: Any) -> Iterator[tuple[int, Any]]:
    """Number and object of every page below a node of the page tree."""
    found = node.get_object()
    if "/Kids" not in found:
        yield node.idnum, found
        return
    for place in range(len(found["/Kids"])):
        yield from _pages(found["/Kids"].raw_get(place))


def _number(holder: Any, key: str) -> int:
    value = holder.raw_get(key) if key in holder else None
    return value.idnum if isinstance(value, generic.IndirectObject) else 0


def _written(value: Any) -> bytes:
    """An object as a PDF writes it: what it refers to is compared by number."""
    out = io.BytesIO()
    value.write_to_stream(out, None)
    return out.getvalue()


def _differs(old: Any, new: Any, may_differ: set[str]) -> bool:
    keys = {str(key) for key in (*old.keys(), *new.keys())} - may_differ
    return any(
        key not in old or key not in new or _written(old.raw_get(key)) != _written(new.raw_get(key)) for key in keys
    )


def _only_signatures_added(old: Any, new: Any) -> bool:
    """The notes of a page are the old ones, then fields for signatures that do not cover the page."""
    had, has = _notes(old), _notes(new)
    if [_written(note) for note in has[: len(had)]] != [_written(note) for note in had]:
        return False
    left, bottom, right, top = (float(side) for side in new["/MediaBox"])
    page = abs((right - left) * (top - bottom))
    for note in has[len(had) :]:
        field = note.get_object()
        holder = field if "/FT" in field or "/Parent" not in field else field["/Parent"]
        x1, y1, x2, y2 = (float(side) for side in field["/Rect"])
        signs = field["/Subtype"] == "/Widget" and "/FT" in holder and holder["/FT"] == "/Sig"
        if not signs or abs((x2 - x1) * (y2 - y1)) > _LARGEST * page:
            return False
    return True


def _notes(page: Any) -> list[Any]:
    if "/Annots" not in page:
        return []
    notes = page["/Annots"]
    return [notes.raw_get(place) for place in range(len(notes))]


def _bad(code: str, th: str, en: str, next_th: str, next_en: str) -> InputError:
    return InputError(Problem(code, "", th, en, next_th, next_en))
