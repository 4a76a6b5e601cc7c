"""An uploaded archive between its dry run and its import: kept for a day, under a token that only the uploader has."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404

from prongsai.site.base.bodies import largest
from prongsai.site.exchange.archive import fault
from prongsai.site.people.models import Person

_SALT = "exchange.incoming"
_DAY = 24 * 3600


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def hold(upload: UploadedFile[bytes], by: Person) -> str:
    """Keep an upload and return its token; what is older than a day goes. Raises ``InputError`` when too large."""
    limit = largest()
    if (upload.size or 0) > limit:
        raise fault(
            "too_large",
            str(upload.name),
            f"ไฟล์มีขนาดเกิน {limit // 1024**2} เมกะไบต์",
            f"the file has more than {limit // 1024**2} MB",
            "โปรดให้ผู้ดูแลเครื่องแม่ข่ายนำเข้าด้วยคำสั่ง import_agency",
            "Ask whoever runs the server to import it with the command import_agency.",
        )
    for old in _folder().glob("*.zip"):
        if old.stat().st_mtime < time.time() - _DAY:
            old.unlink(missing_ok=True)
    name = secrets.token_hex(16)
    with (_folder() / f"{name}.zip").open("wb") as file:
        for block in upload.chunks():
            file.write(block)
    return signing.dumps([name, by.pk], salt=_SALT)


def held(token: str, by: Person) -> Path:
    """The upload of a token. Raises ``Http404`` for another person's; ``InputError`` once it is gone."""
    try:
        name, owner = signing.loads(token, salt=_SALT, max_age=_DAY)
    except signing.SignatureExpired as error:
        raise _gone() from error
    except signing.BadSignature as error:
        raise Http404 from error
    if owner != by.pk:
        raise Http404
    path = _folder() / f"{name}.zip"
    if not path.exists():
        raise _gone()
    return path


def _gone() -> Exception:
    return fault(
        "gone",
        "",
        "ไฟล์ที่ตรวจไว้ถูกนำเข้าหรือลบไปแล้ว",
        "the file that was tried has been imported or removed",
        "โปรดเลือกไฟล์แล้วตรวจอีกครั้ง",
        "Choose the file and check it again.",
    )
