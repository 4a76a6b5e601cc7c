"""A survey's answers and tally are sealed when it is closed (``survey/seal.py``); the closing's entry has the root."""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.site.surveys.models import Answer, Box, Sealed, Survey
from prongsai.site.surveys.outcome import tallies
from prongsai.survey import seal


def keep_seal(survey: Survey) -> None:
    """Seal a survey whose boxes are all closed; done again, it is sealed anew."""
    secret, tally_secret = seal.new_secret(), seal.new_secret()
    boxes = {box: seal.of_box(secret, box, _answers(box)) for box in survey.boxes.values_list("pk", flat=True)}
    tally = seal.of_tally(tally_secret, tallies(survey))
    made = {"secret": secret, "boxes": boxes, "tally_secret": tally_secret, "tally": tally}
    Sealed.objects.update_or_create(survey=survey, defaults=made)


def facts_of(survey: Survey) -> dict[str, str]:
    """What the entry of the closing says of the seal."""
    kept = Sealed.objects.get(survey=survey)
    return {"root": seal.root(kept.boxes), "tally": kept.tally}


def forget_answers(survey: Survey) -> None:
    """For who destroys a closed survey's answers: the secret goes with them. The tally stays sealed."""
    Sealed.objects.filter(survey=survey).update(secret="")


def altered(survey: Survey, root: str, tally: str) -> Iterator[str]:
    """What is not as it was at the closing: the seal itself, the first altered box before others, the tally."""
    kept = Sealed.objects.filter(survey=survey).first()
    if kept is None or seal.root(kept.boxes) != root or kept.tally != tally:
        yield f"{Sealed._meta.label_lower}:{survey.pk}"
        return
    if not kept.secret:  # the answers were destroyed; so was what could test a guess
        return
    there = set(survey.boxes.values_list("pk", flat=True))
    for box in sorted(there | set(kept.boxes)):
        if box not in there or seal.of_box(kept.secret, box, _answers(box)) != kept.boxes.get(box):
            yield f"{Box._meta.label_lower}:{box}"
    if seal.of_tally(kept.tally_secret, tallies(survey)) != tally:
        yield f"{Survey._meta.label_lower}:{survey.pk} tally"


def _answers(box: str) -> Iterator[tuple[str, str]]:
    return Answer.objects.filter(box=box).values_list("form_id", "packed").iterator(5000)
