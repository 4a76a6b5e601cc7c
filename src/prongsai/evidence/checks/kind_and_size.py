"""What kind of file it is, whether the server says so too, and how large it is."""

from __future__ import annotations

from prongsai.evidence.finding import Finding, Seen

ORDER = 40
LARGE = 20_000_000  # bytes: slow to open on a phone
_KINDS = {
    "html": ("หน้าเว็บ", "a web page"),
    "pdf": ("ไฟล์ PDF", "a PDF file"),
    "image": ("รูปภาพ", "a picture"),
    "zip": ("ไฟล์ ZIP หรือไฟล์สำนักงาน (DOCX, XLSX)", "a ZIP or office file"),
    "office": ("ไฟล์สำนักงานรุ่นเก่า (DOC, XLS)", "an older office file"),
    "text": ("ข้อความ", "plain text"),
    "other": ("ไฟล์ชนิดที่ไม่รู้จัก", "a file of unknown kind"),
}
_CLAIMS = {"application/pdf": "pdf", "text/html": "html", "application/xhtml+xml": "html", "application/zip": "zip"}


def check(seen: Seen) -> list[Finding]:
    """Says nothing where nothing was opened."""
    if not seen.fetched.ok or seen.content is None:
        return []
    size = len(seen.fetched.body)
    if not size:
        return [Finding("kind.empty", "error", "เปิดได้แต่ว่างเปล่า", "opens, but is empty")]
    th, en = _KINDS[seen.content.kind]
    amount = f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1000:.1f} kB"
    found = [Finding("kind.seen", "fine", f"เป็น{th} ขนาด {amount}", f"{en}, {amount}")]
    if not seen.fetched.whole:
        found = [
            Finding(
                "kind.too_large",
                "warning",
                f"เป็น{th} ใหญ่เกินกว่าจะอ่านทั้งไฟล์ (อ่านแล้ว {amount})",
                f"{en}, not read to its end ({amount} read)",
            )
        ]
    elif size > LARGE:
        found.append(Finding("kind.large", "note", "ไฟล์ใหญ่ อาจเปิดช้าบนโทรศัพท์", "large: slow to open on a phone"))
    claim = seen.fetched.header("content-type").split(";")[0].strip().lower()
    claimed = _CLAIMS.get(claim) or ("image" if claim.startswith("image/") else None)
    path = seen.fetched.final_url.split("?")[0].lower()
    if claimed is None and path.endswith(".pdf"):
        claimed, claim = "pdf", ".pdf"
    if claimed and claimed != seen.content.kind and (claimed, seen.content.kind) != ("image", "text"):
        found.append(
            Finding("kind.claim", "warning", f"เว็บไซต์แจ้งว่าเป็น {claim} แต่เป็น{th}", f"claims {claim}, but is {en}")
        )
    if seen.content.kind == "other":
        found.append(
            Finding("kind.unknown", "warning", "บุคคลทั่วไปอาจเปิดไฟล์ชนิดนี้ไม่ได้", "people may not be able to open it")
        )
    return found
