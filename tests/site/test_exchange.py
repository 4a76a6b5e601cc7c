"""One agency leaves as an archive and comes in again: all of it, the same, or nothing."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cast import Cast
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from PIL import Image

from prongsai.errors import InputError
from prongsai.ledger.record import digest
from prongsai.site.agencies.models import Agency
from prongsai.site.demo import fill
from prongsai.site.exchange.actions import ExportAgency, ImportAgency
from prongsai.site.exchange.archive import MANIFEST, opened
from prongsai.site.exchange.parts import LEFT_OUT, PARTS
from prongsai.site.exchange.read_in import Trial, attempt
from prongsai.site.files.keep import Received, keep
from prongsai.site.files.models import Stored
from prongsai.site.history.action import Refused
from prongsai.site.history.models import Entry
from prongsai.site.people.models import Person, Role, RoleKind
from prongsai.site.plans.models import Measure
from prongsai.site.privacy.inventory import own_models
from prongsai.site.rounds.models import Round

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_every_model_is_part_of_an_export_or_left_out_with_a_reason() -> None:
    labels = {part.label for part in PARTS}
    every = {model._meta.label for model in own_models()}
    assert labels | set(LEFT_OUT) == every, "say in exchange/parts.py what an export does with this model"
    assert not labels & set(LEFT_OUT)
    assert all(th and en for part in PARTS for th, en in (*part.omit.values(), *LEFT_OUT.values()))


def test_parts_stand_in_an_order_in_which_they_can_be_made() -> None:
    seen: set[str] = set()
    for part in PARTS:
        for column in (*part.fields, *part.lists):
            if not column.is_relation:
                continue
            target = column.related_model._meta.label  # type: ignore[union-attr]
            assert target in {p.label for p in PARTS}, f"{part.label}.{column.name} leads out of the export"
            assert target in seen or column.null, f"{part.label}.{column.name} points to what is made later"
        seen.add(part.label)


def fill_one(example: str, folder: Path) -> None:
    """An installation with one agency of the demo: all five take five times as long."""
    for name in (example, "letter.yaml"):
        (folder / name).symlink_to(EXAMPLES / name)
    fill.fill(folder)


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (2, 2), "green").save(out, "PNG")
    return out.getvalue()


def export(code: str, target: Path) -> Path:
    ExportAgency(by=None, of=Agency.objects.get(code=code), target=target).execute()
    return target


def come_in(path: Path, code: str) -> Agency:
    return ImportAgency(by=None, trial=attempt(opened(path), code)).execute()  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Kept files of each test in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "kept"


def on_disk() -> set[Path]:
    """All kept files."""
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


@pytest.mark.django_db(transaction=True)
def test_there_and_back_is_the_same_archive(tmp_path: Path) -> None:
    """All agencies of the demo into an installation that has other rows, so that numbers of rows differ."""
    fill.fill(EXAMPLES)
    codes = list(Agency.objects.values_list("code", flat=True))
    first = {code: export(code, tmp_path / f"{code}-1.zip") for code in codes}
    assert first["takbai"].read_bytes() == export("takbai", tmp_path / "twice.zip").read_bytes()
    call_command("flush", interactive=False, verbosity=0)
    Agency.objects.create(code="before", name="มีอยู่ก่อน")
    Person.objects.create_user("before", given_name="ก่อน")
    for code, path in first.items():
        made = come_in(path, code)
        second = export(code, tmp_path / f"{code}-2.zip")
        assert opened(second).manifest == opened(path).manifest
        assert second.read_bytes() == path.read_bytes()
        log = Entry.objects.filter(agency=made).select_related("agency")
        came = log.get(action="exchange.import")
        assert came.facts["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert all(entry.digest == digest(entry.canonical_facts(), entry.personal, entry.salt) for entry in log)
        for entry in log.filter(action="demo.plan"):
            label, _, pk = entry.subject.partition(":")
            assert apps.get_model(label).objects.get(pk=pk).agency == made


@pytest.mark.django_db
def test_people_come_as_names_and_posts_and_nobody_can_sign_in(tmp_path: Path) -> None:
    fill_one("sisaket-2568", tmp_path)
    path = export("sisaket", tmp_path / "a.zip")
    everything = b"".join(opened(path).zip.read(part.file) for part in PARTS)
    officer = Person.objects.get(username="sisaket-officer")
    assert officer.given_name.encode() in everything
    for secret in (officer.password, officer.username, officer.email):
        assert secret.encode() not in everything
    made = come_in(path, "again")
    people = Person.objects.filter(roles__agency=made)
    assert people.count() == 6
    assert not any(person.is_active or person.has_usable_password() for person in people)


@pytest.mark.django_db
def test_the_same_installation_takes_it_under_another_code_alone(tmp_path: Path) -> None:
    fill_one("krokkaeo-2562", tmp_path)
    path = export("krokkaeo", tmp_path / "a.zip")
    rounds, files = Round.objects.count(), on_disk()
    before = Measure.objects.count()
    with pytest.raises(Refused, match="has this code already"):
        come_in(path, "krokkaeo")
    with pytest.raises(Refused, match="letters"):
        come_in(path, "ไทย/..")
    assert Measure.objects.count() == before
    made = come_in(path, "krokkaeo-copy")
    assert made.assessments.count() == Agency.objects.get(code="krokkaeo").assessments.count() > 1
    assert Round.objects.count() == rounds  # those here are used
    assert on_disk() == files


@pytest.mark.django_db
def test_another_round_at_the_same_address_stands_in_the_way(tmp_path: Path) -> None:
    fill_one("krokkaeo-2562", tmp_path)
    path = export("krokkaeo", tmp_path / "a.zip")
    Round.objects.filter(assessments__agency__code="krokkaeo").update(framework_version=99)
    with pytest.raises(Refused, match="another round"):
        come_in(path, "copy")
    assert not Agency.objects.filter(code="copy").exists()


# --- bad archives


def rebuilt(path: Path, change: Callable[[dict[str, bytes]], None], *, honest: bool = True) -> Path:
    """The archive with some files changed; an honest one has a manifest that fits."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    if honest:
        manifest = json.loads(files[MANIFEST])
        manifest["files"] = {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for name, data in files.items()
            if name != MANIFEST
        }
        files[MANIFEST] = json.dumps(manifest).encode()
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target


def in_row(table: str, **values: Any) -> Callable[[dict[str, bytes]], None]:
    """Change the first row of a table."""

    def change(files: dict[str, bytes]) -> None:
        first, _, rest = files[table].partition(b"\n")
        files[table] = json.dumps({**json.loads(first), **values}).encode() + b"\n" + rest

    return change


def in_manifest(**values: Any) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        files[MANIFEST] = json.dumps({**json.loads(files[MANIFEST]), **values}).encode()

    return change


def extra(name: str, data: bytes = b"x") -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.update({name: data})


def other_file(files: dict[str, bytes]) -> None:
    name = next(name for name in files if name.startswith("files/"))
    files[name] = b"something else"


def scripted(files: dict[str, bytes]) -> None:
    """A picture that is a page, with hashes that fit."""
    rows = [json.loads(text) for text in files["data/files.stored.jsonl"].splitlines()]
    data = b"<html><script>alert(1)</script></html>"
    sha256 = hashlib.sha256(data).hexdigest()
    files.pop(f"files/{rows[0]['sha256']}")
    files[f"files/{sha256}"] = data
    rows[0].update(sha256=sha256, size=len(data), kind="png", name="a.png")
    files["data/files.stored.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)


BAD = {
    "changed row": (in_row("data/plans.measure.jsonl", title="อื่น"), False, "exchange.hash"),
    "changed file": (other_file, True, "exchange.hash"),
    "file that is not what it says": (scripted, True, "exchange.kind"),
    "newer version": (in_manifest(version=99), True, "exchange.newer"),
    "not an export": (in_manifest(format="zip"), True, "exchange.manifest"),
    "path traversal": (extra("../../evil"), True, "exchange.name"),
    "absolute path": (extra("/etc/passwd"), True, "exchange.name"),
    "unknown table": (extra("data/auth.user.jsonl"), True, "exchange.name"),
    "file not in the manifest": (extra("files/" + "0" * 64), False, "exchange.list"),
    "missing table": (lambda files: files.pop("data/plans.plan.jsonl"), True, "exchange.list"),
    "bomb": (extra("files/" + "0" * 64, b"\0" * 120_000_000), True, "exchange.bomb"),
    "unknown field": (in_row("data/plans.plan.jsonl", secret=1), True, "exchange.fields"),
    "wrong choice": (in_row("data/plans.plan.jsonl", state="signed"), True, "exchange.value"),
    "wrong type": (in_row("data/plans.plan.jsonl", action_year="x"), True, "exchange.value"),
    "row that is not there": (in_row("data/plans.plan.jsonl", assessment=77), True, "exchange.value"),
    "too long": (in_row("data/agencies.agency.jsonl", name="ก" * 300), True, "exchange.value"),
    "no row": (extra("data/plans.plan.jsonl", b"[1]\n"), True, "exchange.row"),
    "system administrator": (in_row("data/people.role.jsonl", kind="system_admin"), True, "exchange.role"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_archives_are_refused_with_the_reason(name: str, planned: Cast, tmp_path: Path) -> None:
    change, honest, code = BAD[name]
    keep(Received("p.png", "png", png()), planned.agency, planned.officer)
    path = rebuilt(export("muang", tmp_path / "a.zip"), change, honest=honest)
    before = (Agency.objects.count(), Person.objects.count(), Stored.objects.count())
    with pytest.raises(InputError) as error:
        come_in(path, "copy")
    problem = error.value.problems[0]
    assert problem.code == code
    assert problem.th
    assert problem.next_th
    assert (Agency.objects.count(), Person.objects.count(), Stored.objects.count()) == before
    assert not Role.objects.filter(kind=RoleKind.SYSTEM_ADMIN).exclude(person__username="admin").exists()


def test_no_zip_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(InputError, match="no whole ZIP"):
        opened(path)


@pytest.mark.django_db(transaction=True)
def test_an_import_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill.fill(EXAMPLES)
    path = export("thatalat", tmp_path / "a.zip")
    call_command("flush", interactive=False, verbosity=0)
    for file in on_disk():
        file.unlink()

    def fails(*_: Any) -> None:
        raise RuntimeError("the disk is full")

    trial: Trial = attempt(opened(path), "thatalat")
    monkeypatch.setattr("prongsai.site.exchange.read_in._Maker._seal", fails)
    with pytest.raises(RuntimeError):
        ImportAgency(by=None, trial=trial).execute()
    assert on_disk() == set()
    assert not Agency.objects.exists()
    assert not Round.objects.exists()


@pytest.mark.django_db
def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill_one("takbai-2565", tmp_path)
    path = tmp_path / "out.zip"
    call_command("export_agency", "takbai", str(path))
    with pytest.raises(CommandError, match="exists already"):
        call_command("export_agency", "takbai", str(path))
    with pytest.raises(CommandError, match="no agency"):
        call_command("export_agency", "nowhere", str(tmp_path / "b.zip"))
    with pytest.raises(CommandError, match="takbai"):
        call_command("import_agency", str(path), "--yes")
    call_command("import_agency", str(path), "--code", "copy")
    assert not Agency.objects.filter(code="copy").exists()
    call_command("import_agency", str(path), "--code", "copy", "--yes")
    assert Agency.objects.filter(code="copy").exists()
    assert "nothing was changed" in capsys.readouterr().out
