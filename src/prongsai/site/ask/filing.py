"""From a checked answer to the letterbox."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from django.utils import timezone

from prongsai.site.ask import receipts
from prongsai.site.ask.doors import Door
from prongsai.site.ask.refusal import Refusal
from prongsai.site.ask.ticket import Ticket
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.store import DatabaseStorage
from prongsai.survey.answers import Answer
from prongsai.survey.letterbox import LetterboxError, file_answer, file_open

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Storage(DatabaseStorage):
    """The database, first asked with the batch that the door had a moment ago: where it is mixed by now, the deposit is
    refused under the box's lock and the batch is asked for anew.
    """

    batches: list[str] = field(default_factory=list)

    def open_batch(self, box: str) -> str | None:
        """See ``letterbox.Storage``."""
        return self.batches.pop() if self.batches else super().open_batch(box)


@dataclass(frozen=True)
class _Keys:
    """Public keys, the open batch's as the door read it: no file is read for every answer."""

    door: Door

    def public(self, batch: str) -> bytes | None:
        """See ``letterbox.PublicKeys``."""
        return self.door.public if batch == self.door.batch else keys().public(batch)


def file(door: Door, ticket: Ticket, answer: Answer) -> str:
    """Store it, durably, and return the receipt. Raises ``Refusal`` where the code is spent or the survey closed."""
    storage, folder = _Storage(batches=[door.batch]), _Keys(door)
    try:
        if not ticket.code:
            filed = file_open(storage, folder, door.box, ticket.form, str(answer))
        else:
            filed = file_answer(storage, folder, door.box, (bytes.fromhex(ticket.code), ticket.nonce), str(answer))
    except LetterboxError:
        log.error("a survey's key is lost: no answer was taken; see docs/anonymity.md")
        raise Refusal("notready", 503) from None
    if filed.outcome == "filed":
        day = timezone.localdate()
        return receipts.of_spend(filed.receipt) if filed.receipt else receipts.of_day(door.token, day)
    if filed.outcome == "spent":
        raise Refusal("spent", 409)
    raise Refusal("closed", 410) if filed.outcome == "closed" else Refusal("broken", 400)
