"""What entries vouch for: every row and file behind a published number is named when somebody changed it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cast import Cast
from django.db import connection
from published import Published
from survey_world import file_with, key_folder, open_survey  # noqa: F401 - a fixture

from prongsai.cli.proven import Trust, check_release
from prongsai.ledger.proof import read_proof
from prongsai.site.files.models import Stored
from prongsai.site.history import chain, keys
from prongsai.site.history.models import Entry
from prongsai.site.integrity.actions import PostHead, latest
from prongsai.site.opendata.actions import WithdrawRelease
from prongsai.site.opendata.files import whole
from prongsai.site.opendata.models import PublishedAgency, Release

pytestmark = pytest.mark.django_db


def found() -> list[str]:
    """Names of what is not as it was sealed."""
    return [one.name for one in chain.check().report.findings]


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def flip(path: Path) -> Callable[[], None]:
    """Change one bit of a file; returns what takes it back."""
    before = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(bytes([before[0] ^ 1]) + before[1:])
    return lambda: path.write_bytes(before)  # type: ignore[return-value]


@pytest.fixture
def release(published: Published) -> Release:
    """A published revision whose entry is tied."""
    chain.extend()
    assert found() == []
    return published.releases[2568]


def test_each_thing_that_was_published_is_named_when_it_is_changed(release: Release, published: Published) -> None:
    """One after the other, so that the nation is made once: rows, columns, files, the whole, figures, state."""
    row = release.lines.order_by("code").first()
    assert row is not None
    name = f"opendata.publishedagency:{row.pk} ({row.code})"
    PublishedAgency.objects.filter(pk=row.pk).update(overall="99.99")
    assert found()[0] == f"{name} overall"
    PublishedAgency.objects.filter(pk=row.pk).update(overall=row.overall, detail=b"x")
    assert found()[0] == f"{name} detail"
    PublishedAgency.objects.filter(pk=row.pk).update(detail=row.detail, heads={})
    assert found()[0] == f"{name} heads"
    PublishedAgency.objects.filter(pk=row.pk).update(heads=row.heads)
    PublishedAgency.objects.filter(pk=row.pk).update(code="zz-new")
    assert f"opendata.publishedagency: ({row.code})" in found()
    assert f"opendata.publishedagency:{row.pk} (zz-new)" in found()
    PublishedAgency.objects.filter(pk=row.pk).update(code=row.code)

    here = f"opendata/{release.round.slug}/{release.framework_id}/revision-{release.revision}"
    for path, named in (
        (release.folder / "csv" / "scores.csv", f"{here}/csv/scores.csv"),
        (release.folder / "SHA256SUMS", f"{here}/SHA256SUMS"),
        (whole(release), f"{here}.zip"),
    ):
        back = flip(path)
        assert found()[0] == named
        back()
    (release.folder / "more.csv").write_text("x", encoding="ascii")
    assert found() == [f"{here}/more.csv"]
    (release.folder / "more.csv").unlink()

    assert release.book is not None
    kept = Path(release.book.content.path)
    back = flip(kept)
    assert any(one.startswith(f"files.stored:{release.book.pk} ") for one in found())
    back()
    other = Stored.objects.exclude(sha256=release.book.sha256).filter(pk=release.result.file_id).get()
    Release.objects.filter(pk=release.pk).update(book=other)  # another file, whole in itself
    assert any(one.startswith(f"files.stored:{other.pk} ") for one in found())
    Release.objects.filter(pk=release.pk).update(book=release.book, withdrawn_at=release.published_at)
    assert found() == [f"opendata.release:{release.pk} withdrawn_at"]  # nobody withdrew it
    Release.objects.filter(pk=release.pk).update(withdrawn_at=None)

    result = release.result
    type(result).objects.filter(pk=result.pk).update(scored=1)
    assert found() == [f"nation.nationresult:{result.pk} scored"]
    type(result).objects.filter(pk=result.pk).update(scored=result.scored)
    assert found() == []
    WithdrawRelease(by=published.cast.assessor, round=release.round, reason="แก้ไข").execute()
    chain.extend()
    assert found() == []  # what was taken back is still held to its entry
    back = flip(release.folder / "csv" / "scores.csv")
    assert found() == [f"{here}/csv/scores.csv"]
    back()
    Release.objects.filter(pk=release.pk).update(withdrawn_at=None)  # put back in secret
    assert found() == [f"opendata.release:{release.pk} withdrawn_at"]


def test_a_release_that_nobody_published_is_named(cast: Cast) -> None:
    from light_release import light

    light(cast)
    chain.extend()
    assert f"opendata.release:{Release.objects.get().pk}" in found()


def test_a_citizen_checks_a_download_with_the_proof_and_a_posted_head(
    release: Release, published: Published, client_of: Any, tmp_path: Path
) -> None:
    """The release and its proof come from the site, the head from elsewhere. Nothing else is needed."""
    address = f"/data/{release.round.slug}/revision-{release.revision}.proof.json"
    nobody = client_of("nobody")
    alone = read_proof(nobody.get(address).content, "proof")
    trusted = keys.known_keys()
    assert check_release(release.folder, alone, Trust((), trusted)) == []
    head = latest()
    assert head is not None
    PostHead(by=published.cast.assessor, line=head.line(), place="หนังสือเวียน ที่ 1", day=head.at.date()).execute()
    chain.extend()
    proof = read_proof(nobody.get(address).content, "proof")
    assert (proof.head.number, proof.head.hash) == (head.number, head.hash)
    held = Trust((head,), ())  # the posted head alone, no key
    assert check_release(release.folder, proof, held) == check_release(whole(release), proof, held) == []
    assert nobody.get(f"{address}?head={head.number}").status_code == 200
    assert nobody.get(f"{address}?head=1").status_code == 404

    back = flip(release.folder / "csv" / "scores.csv")
    assert [one.name for one in check_release(release.folder, proof, held)] == ["csv/scores.csv"]
    back()
    forged = json.loads(proof.text())  # whoever changes the files and the proof with them
    forged["entry"]["facts"]["digest"] = "0" * 64
    other = read_proof(json.dumps(forged).encode(), "forged")
    assert check_release(release.folder, other, held)[0].fault == "altered"
    # The operator publishes something else, rewrites the chain and signs it: only the posted head can tell.
    entry = Entry.objects.get(action="release.publish", subject=f"opendata.release:{release.pk}")
    entry.facts = {**entry.facts, "agencies": 1}
    entry.seal()
    entry.save()
    Entry.objects.update(number=None, link="", signature="")
    chain.extend()
    entry.refresh_from_db()
    own = chain.head(head.number)
    assert own is not None
    rewritten = chain.proof(entry, own)
    assert [one.fault for one in check_release(release.folder, rewritten, Trust((), trusted))] == []
    assert [one.fault for one in check_release(release.folder, rewritten, held)] == ["head"]
    assert nobody.get(address).status_code == 200
    Entry.objects.filter(number=entry.number - 1).delete()
    gap = nobody.get(address)
    assert gap.status_code == 409
    assert "ขาดรายการ" in gap.content.decode()
    assert "lacks entries" in gap.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_closed_surveys_answers_and_tally(cast: Cast, key_folder: Path) -> None:  # noqa: F811
    from prongsai.site.surveys.actions import CloseSurvey
    from prongsai.site.surveys.mixer import turn
    from prongsai.site.surveys.models import Answer, Sealed
    from prongsai.site.surveys.sealing import forget_answers

    survey, codes = open_survey(cast, codes=8)
    for seed, code in enumerate(codes):
        file_with(survey, code, seed)
    CloseSurvey(by=None, survey=survey).execute()
    turn()
    chain.extend()
    assert found() == []
    entry = Entry.objects.get(action="surveys.closed")
    assert {"root", "tally"} <= set(entry.facts)
    assert not {"i1", "boxes", "secret"} & set(entry.facts)  # numbers that tell nothing by themselves
    box = survey.boxes.get().pk
    one = Answer.objects.first()
    assert one is not None
    changed = one.packed[:-1] + ("1" if one.packed[-1] != "1" else "2")
    Answer.objects.filter(pk=one.pk).update(packed=changed)
    assert found() == [f"surveys.box:{box}", f"surveys.survey:{survey.pk} tally"]
    Answer.objects.filter(pk=one.pk).update(packed=one.packed)
    one.delete()
    assert found()[0] == f"surveys.box:{box}"
    Sealed.objects.update(boxes={box: "0" * 64})
    assert found() == [f"surveys.sealed:{survey.pk}"]  # who changes the seal with the answers is found by the root
    kept = Sealed.objects.get()
    forget_answers(survey)
    assert kept.secret != Sealed.objects.get().secret == ""
