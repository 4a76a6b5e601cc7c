"""Fills an empty database with the example agencies, and knows such a database again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import transaction

from prongsai.errors import InputError, Problem
from prongsai.improvement.files import read_plan, read_progress
from prongsai.site.agencies.actions import CreateAgency
from prongsai.site.agencies.models import Agency
from prongsai.site.approval.actions.chain import RankData, SetChain
from prongsai.site.demo import evidence, inspection, people
from prongsai.site.demo.actions import Begin
from prongsai.site.demo.asking import ask
from prongsai.site.demo.calendar import NEXT, day_zero, first_moment, framework_of, windows
from prongsai.site.demo.clock import at
from prongsai.site.demo.nation import CODE
from prongsai.site.demo.stories import STORIES, Story
from prongsai.site.files.models import Stored
from prongsai.site.history.models import Entry
from prongsai.site.people.models import Person, Role
from prongsai.site.results import sheet
from prongsai.site.rounds.actions import CloseRound, CreateRound, SetContact
from prongsai.site.rounds.models import Round, StageKind
from prongsai.yaml_file import read


def specs() -> dict[str, dict[str, Any]]:
    """The agencies of the demo by their folder in the examples."""
    found: dict[str, dict[str, Any]] = read(Path(__file__).parent / "stories.yaml").data
    return found


def is_filled() -> bool:
    """Whether this database was filled by ``fill``."""
    return Entry.objects.filter(action=Begin.code).exists()


def strangers() -> list[str]:
    """Agencies and people in the database that are not of the demo."""
    codes = [spec["code"] for spec in specs().values()]
    names = [name for name, *_ in people.OUTSIDE] + [f"{code}-{name}" for code in codes for name, *_ in people.INSIDE]
    others = Agency.objects.exclude(code__in=codes).exclude(code__startswith=CODE)
    agencies = others.values_list("name", flat=True)
    persons = Person.objects.exclude(username__in=names).values_list("username", flat=True)
    return [*agencies, *persons]


def empty() -> None:
    """Take everything out of a demo database. Raises ``InputError`` when it holds anything else."""
    if found := strangers():
        names = ", ".join(found[:3])
        raise InputError(
            Problem(
                "demo.strangers",
                "",
                f"ฐานข้อมูลมีข้อมูลที่ไม่ใช่ข้อมูลตัวอย่าง {len(found)} รายการ เช่น {names} จึงไม่ลบและไม่เติมข้อมูลตัวอย่าง",
                f"the database holds {len(found)} agencies or people that are not of the demo, such as {names}",
                "โปรดใช้โฟลเดอร์ข้อมูลอื่นด้วย PRONGSAI_DATA หรือฐานข้อมูลอื่นด้วย DATABASE_URL",
            )
        )
    for stored in Stored.objects.all():
        stored.content.delete(save=False)
    call_command("flush", interactive=False, verbosity=0)
    sheet._sheet.cache_clear()  # revisions begin at 1 again


@transaction.atomic
def fill(examples: Path) -> list[str]:
    """Everything, in one transaction: agencies, people, rounds, and what happened.

    Returns the lines that tell how to answer a survey; the codes in them are kept nowhere else.
    """
    folders = {examples / name: spec for name, spec in specs().items() if (examples / name / "results.yaml").exists()}
    if not folders:
        known = ", ".join(specs())
        raise InputError(
            Problem(
                "demo.no_examples",
                str(examples),
                f"ไม่พบโฟลเดอร์ตัวอย่าง ({known})",
                f"none of the example folders ({known}) is here",
                "โปรดระบุโฟลเดอร์ examples ที่มากับโปรแกรม",
            )
        )
    Begin(by=None, folder=examples.name).execute()
    files = {folder: read(folder / "results.yaml").data for folder in folders}
    years = {folder: int(data["fiscal_year"]) for folder, data in files.items()}
    zeros = {folder: day_zero(years[folder], spec.get("today")) for folder, spec in folders.items()}
    first = next(iter(files.values()))["agency"]
    above = people.people_above(str(first.get("province", "")))
    stories = []
    for number, (folder, spec) in enumerate(folders.items()):
        with at(first_moment(zeros[folder])):
            stories.append(_story(folder, spec, files[folder]["agency"], (number, above)))
    system = above["system"].person
    for story in stories:
        year, story.zero = years[story.folder], zeros[story.folder]
        with at(first_moment(story.zero)):
            made = _round(year, story.zero, [s.agency for s in stories if years[s.folder] == year], system)
        story.assessment = made.assessments.select_related("round", "agency").get(agency=story.agency)
        story.letter = _letter(story, examples / "letter.yaml")
        STORIES[folders[story.folder]["story"]](story)
        if "today" not in folders[story.folder]:
            story.tell(400, CloseRound(by=system, round=made))
    following = max(years.values()) + 1
    if framework_of(following):
        zero = day_zero(following, NEXT)
        steps = {
            StageKind.EVIDENCE: evidence.WINDOW,
            StageKind.INSPECTION: inspection.INSPECTION,
            StageKind.CLARIFICATION: inspection.CLARIFICATION,
        }
        more = {kind: tuple(zero + dt.timedelta(days=day) for day in days) for kind, days in steps.items()}
        made = _round(following, zero, [story.agency for story in stories], system, more)
        coming = made.assessments.select_related("round", "agency").get(agency=stories[0].agency)
        evidence.disclosing(coming, stories[0].roles["officer"].person)
        _inspected(made, stories[1:3], above)
    return ask(stories[0])


def _inspected(of: Round, stories: list[Story], above: dict[str, Role]) -> None:
    """The second agency waits for inspectors, the third reads its preliminary result."""
    years = [of.assessments.select_related("round", "agency").get(agency=story.agency) for story in stories]
    first, second = above["inspector"].person, above["inspector2"].person
    if years:
        inspection.waiting(years[0], first)
    if len(years) > 1:
        inspection.told(years[1], (first, second), above["assessor"].person)


def _story(folder: Path, spec: dict[str, str], who: dict[str, Any], cast: tuple[int, dict[str, Role]]) -> Story:
    """An agency with its units, people and chain; nothing has happened yet."""
    number, above = cast
    system = above["system"].person
    values: dict[str, Any] = {key: who[key] for key in ("name", "kind", "district", "province", "staff") if key in who}
    agency = CreateAgency(by=system, values={"code": spec["code"], "name_en": spec["name_en"], **values}).execute()
    plan = read_plan(folder / "plan.yaml") if (folder / "plan.yaml").exists() else None
    progress = read_progress(folder / "progress.yaml") if (folder / "progress.yaml").exists() else None
    roles = {**above, **people.people_of(agency, people.units_of(agency, plan), number)}
    ranks = [
        RankData(roles[name].position, "decide" if name == "chief" else "opine", roles[name])
        for name in ("head", "palad", "chief")
    ]
    SetChain(by=roles["admin"].person, to=agency, ranks=ranks).execute()
    return Story(folder, agency, roles, plan, progress)


def _round(
    year: int, zero: dt.date, agencies: list[Agency], by: Person, more: dict[StageKind, Any] | None = None
) -> Round:
    """A round for some agencies; examples of one year share theirs. ``more``: windows besides the usual ones."""
    found = Round.objects.filter(fiscal_year=year).first()
    if found:
        return found
    framework = framework_of(year)
    assert framework is not None  # the results of that year could not have been read without it
    create = CreateRound(
        by=by,
        name=f"การประเมิน ITA ประจำปีงบประมาณ พ.ศ. {year}",
        name_en=f"ITA, fiscal year {year}",
        fiscal_year=year,
        framework=framework,
        calendar=windows(zero) | (more or {}),
        agencies=agencies,
    )
    made: Round = create.execute()
    asked = "ผู้ประเมิน: นางประไพ สมมติ (ตัวอย่าง)"
    SetContact(by=by, round=made, contact=asked).execute()
    return made


def _letter(story: Story, path: Path) -> dict[str, str]:
    """The example's letter fields, for agencies that have the unit in whose name it is written."""
    data = read(path).data if path.exists() else {}
    if not story.agency.units.filter(name=data.get("unit")).exists():
        return {}
    return {
        "unit": data["unit"],
        "phone": data["phone"],
        "to": data["to"],
        "author_position": data["author"]["position"],
        "decisions": "\n".join(data["decisions"]),
        "committee": "\n".join(f"{row['position']} = {row['duty']}" for row in data["committee"]),
    }
