"""The same gathering once more, from the results that it was made of: what is published is what the assessor saw."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from prongsai.errors import ProngsaiError
from prongsai.national.book import read, write
from prongsai.national.gather import Gathered
from prongsai.site.history.action import refuse
from prongsai.site.nation.gathering import gather
from prongsai.site.nation.models import NationResult


def gathered_again(result: NationResult, told: Callable[[int, int], None]) -> Gathered:
    """What a revision was made of, with all that its file does not keep.

    ``told`` hears how many of how many agencies are done. Raises ``Refused`` where the file would not be the same now,
    byte for byte: an agency's particulars, answers or the program changed, so the assessor has to look again first.
    """

    def heard(done: int, total: int, _refused: list[dict[str, Any]]) -> None:
        told(done, total)

    kept = result.file.read()
    about = read(kept).about
    gathering = gather(result.round, result.at, heard)
    if not len(gathering):
        raise _changed(result)
    found = gathering.done()
    made = write(found, {name: about[name] for name in ("round", "agencies_in_round")})
    if hashlib.sha256(made).hexdigest() != result.file.sha256:
        raise _changed(result)
    return found


def _changed(result: NationResult) -> ProngsaiError:
    return refuse(
        "release.changed",
        f"ข้อมูลเปลี่ยนไปหลังประมวลผลฉบับที่ {result.revision} เช่น ชื่อหรือประเภทของหน่วยงาน จึงไม่ได้ตัวเลขชุดเดิม",
        f"data changed after revision {result.revision} was gathered, such as an agency's name or kind, so the numbers "
        "are not those that were seen",
        "โปรดประมวลผลทั้งประเทศอีกครั้ง ตรวจดูผล แล้วเผยแพร่ฉบับใหม่นั้น",
        "Gather all agencies again, look at the results, then publish that revision.",
    )
