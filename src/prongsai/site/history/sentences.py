"""Log entries as sentences people read."""

from __future__ import annotations

from collections import defaultdict

from prongsai.site.base.text import pick
from prongsai.site.history.action import SENTENCES
from prongsai.site.history.models import Entry


def sentence(entry: Entry) -> str:
    """What happened, in the reader's language. Erased persons are named as such."""
    th, en = SENTENCES.get(entry.action, (entry.action, entry.action))
    by_itself = entry.actor_id is None and (entry.salt or not entry.personal_hash)
    nobody = pick("ระบบ", "The system") if by_itself else pick("(ลบข้อมูลแล้ว)", "(erased)")
    values: defaultdict[str, object] = defaultdict(lambda: "–", {"actor": nobody, **entry.facts, **entry.personal})
    return pick(th, en).format_map(values)
