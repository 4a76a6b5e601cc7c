"""Names of files that came from somebody else: what a name may hold, and how it must end."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

LONGEST = 200  # characters
# A file is opened by its ending wherever it is saved: one whose content is a PDF never leaves as ``.html`` or ``.exe``.
SUFFIXES = {
    "pdf": (".pdf",),
    "docx": (".docx", ".dotx"),
    "xlsx": (".xlsx", ".xltx"),
    "png": (".png",),
    "jpeg": (".jpg", ".jpeg"),
    "yaml": (".yaml", ".yml"),
    "json": (".json",),
    "csv": (".csv",),
    "txt": (".txt", ".md"),
    "html": (".html", ".htm"),
}
_RESERVED = re.compile(r'[<>:"|?*/\\]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)  # Windows opens a device instead


def safe_name(name: str, kind: str = "") -> str:
    """The name without folders, control or direction characters, with an ending that fits ``kind``.

    A direction override shows ``gpj.exe`` as ``exe.jpg``, and a line break would end the header that carries the name.
    Thai stays as it is. Applied to its own result it changes nothing.
    """
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = "".join(
        " " if unicodedata.category(char) in ("Zl", "Zp") or char in "\t\n\r" else char
        for char in unicodedata.normalize("NFC", last)
        if unicodedata.category(char)[0] != "C" or char in "\t\n\r"
    )
    text = " ".join(_RESERVED.sub("_", plain).split()).strip(". ")
    suffix = PurePath(text).suffix
    known = SUFFIXES.get(kind, ())
    if known and suffix.lower() not in known:
        suffix, stem = known[0], text
    else:
        stem = text.removesuffix(suffix) if suffix else text
    stem = stem[: LONGEST - len(suffix)].strip(". ") or "file"
    return f"_{stem}{suffix}" if _DEVICE.match(stem) else f"{stem}{suffix}"
