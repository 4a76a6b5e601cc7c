"""Causes, advice and proposed measures: every theme has them, complete, its own, and in our own words."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from prongsai.analysis import themes as theme_data
from prongsai.analysis.themes import themes
from prongsai.framework import Framework, Item, by_id, catalog
from prongsai.improvement import proposals as proposal_data
from prongsai.improvement.proposals import Proposal, proposals, unit_name, units
from prongsai.thai.text import squeeze
from prongsai.yaml_file import read

KINDS = {
    "head_office", "finance", "works", "education", "planning", "legal", "hr", "pr", "it", "procurement", "audit",
    "all", "executive",
}  # fmt: skip
REPORTS = Path(os.environ.get("PRONGSAI_CASES", Path(__file__).parents[3] / "shared" / "cases"))
RUN = 45
# Names that everybody must write alike are not copied prose. Those of the items come from the frameworks.
OFFICIAL = [
    "พระราชบัญญัติข้อมูลข่าวสารของราชการ พ.ศ. 2540",
    "พระราชบัญญัติการจัดซื้อจัดจ้างและการบริหารพัสดุภาครัฐ พ.ศ. 2560",
    "ระเบียบกระทรวงการคลังว่าด้วยการจัดซื้อจัดจ้างและการบริหารพัสดุภาครัฐ พ.ศ. 2560",
    "หลักเกณฑ์การรับทรัพย์สินหรือประโยชน์อื่นใดโดยธรรมจรรยาของเจ้าพนักงานของรัฐ",
]


def frameworks() -> list[Framework]:
    return [by_id(entry.id) for entry in catalog()]


def items(framework: Framework) -> Iterator[Item]:
    for instrument in framework.instruments:
        for indicator in instrument.indicators:
            yield from indicator.items


USED = sorted({item.theme for framework in frameworks() for item in items(framework) if item.theme})
PROPOSALS = [proposal for entries in proposals().values() for proposal in entries]


def texts_of(key: str) -> list[str]:
    """All prose of a theme, in both sets."""
    theme = themes()[key]
    own = [theme.title, theme.low, theme.high, *theme.causes, *theme.advice]
    return own + list(chain.from_iterable(texts_of_proposal(proposal) for proposal in proposals().get(key, ())))


def texts_of_proposal(proposal: Proposal) -> list[str]:
    own = [proposal.title, proposal.guideline, proposal.monitoring, proposal.success_indicator]
    return own + [step.text for step in proposal.steps] + list(proposal.proof)


def test_every_theme_of_a_framework_has_both() -> None:
    assert [key for key in USED if key not in themes()] == []
    assert [key for key in USED if key not in proposals()] == []
    assert set(themes()) == set(proposals())


@pytest.mark.parametrize("folder", [theme_data.FOLDER, proposal_data.FOLDER], ids=lambda path: path.name)
def test_a_theme_is_in_one_file_only(folder: Path) -> None:
    keys = Counter(key for path in folder.glob("*.yaml") for key in read(path).data)
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("key", sorted(themes()))
def test_a_theme_is_complete(key: str) -> None:
    theme = themes()[key]
    assert all(text.strip() for text in (theme.title, theme.low, theme.high))
    assert len(theme.causes) >= 2
    assert len(theme.advice) >= 2
    assert set(theme.oit) <= set(themes())
    assert all(wanted.startswith("oit.") and wanted != key for wanted in theme.oit)
    assert len(set(theme.oit)) == len(theme.oit)


@pytest.mark.parametrize("key", sorted(themes()))
def test_causes_are_possibilities(key: str) -> None:
    assert [cause for cause in themes()[key].causes if not cause.startswith("อาจ")] == []


@pytest.mark.parametrize("key", sorted(proposals()))
def test_a_theme_has_two_measures(key: str) -> None:
    assert len(proposals()[key]) >= 2


@pytest.mark.parametrize("proposal", PROPOSALS, ids=lambda proposal: proposal.id)
def test_a_measure_is_complete(proposal: Proposal) -> None:
    assert all(text.strip() for text in texts_of_proposal(proposal))
    assert len(proposal.steps) >= 3
    assert {step.unit for step in proposal.steps} <= set(units())
    assert len(proposal.proof) >= 2


def test_ids_are_unique_and_begin_with_the_theme() -> None:
    ids = [(key, proposal.id) for key, entries in proposals().items() for proposal in entries]
    assert len({name for _, name in ids}) == len(ids)
    assert [name for key, name in ids if not re.fullmatch(re.escape(key) + r"\.\d+", name)] == []


def test_no_text_serves_two_themes() -> None:
    homes: dict[str, set[str]] = {}
    for key in themes():
        for text in texts_of(key):
            homes.setdefault(squeeze(text), set()).add(key)
    assert {text: sorted(keys) for text, keys in homes.items() if len(keys) > 1} == {}


@pytest.mark.parametrize("key", sorted(themes()))
def test_text_is_clean(key: str) -> None:
    """Arabic digits, one space at most, no space before a mark, no broken sara am."""
    broken = re.compile("[๐-๙]|  |\u0e4d\u0e32|เเ| [\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]|[\u200b-\u200d\ufeff]|^ | $")
    assert [text for text in texts_of(key) if broken.search(text)] == []


def thai_runs(text: str) -> Iterator[str]:
    """Every stretch of ``RUN`` Thai characters, white space left out."""
    for stretch in re.findall("[\u0e01-\u0e4f]+", squeeze(text)):
        for start in range(len(stretch) - RUN + 1):
            yield stretch[start : start + RUN]


def official_names() -> list[str]:
    names = list(OFFICIAL)
    for framework in frameworks():
        names.append(framework.title.th)
        for instrument in framework.instruments:
            names += [instrument.name.th, *(indicator.name.th for indicator in instrument.indicators)]
        names += [item.text for item in items(framework) if item.text]
    return names


def test_no_sentence_is_copied_from_a_real_report() -> None:
    reports = sorted(REPORTS.glob("*.txt"))
    if not reports:
        pytest.skip(f"no real reports in {REPORTS}: set PRONGSAI_CASES to the folder that holds them as .txt")
    official = {run for name in official_names() for run in thai_runs(name)}
    theirs = {run for path in reports for run in thai_runs(path.read_text(encoding="utf-8"))} - official
    copied = {
        text: next(run for run in thai_runs(text) if run in theirs)
        for key in themes()
        for text in texts_of(key)
        if not theirs.isdisjoint(thai_runs(text))
    }
    assert copied == {}


def test_every_kind_of_unit_has_a_name() -> None:
    assert set(units()) == KINDS
    assert all(kind.name and kind.words for kind in units().values())


@pytest.mark.parametrize(
    ("kind", "own", "expected"),
    [
        ("head_office", "สำนักปลัดเทศบาล", "สำนักปลัดเทศบาล"),
        ("head_office", "สำนักงานเลขานุการกรม", "สำนักงานเลขานุการกรม"),
        ("finance", "สำนักคลัง", "สำนักคลัง"),
        ("works", "กองโยธาธิการ", "กองโยธาธิการ"),
        ("education", "กองการศึกษา ศาสนาและวัฒนธรรม", "กองการศึกษา ศาสนาและวัฒนธรรม"),
        ("planning", "กองยุทธศาสตร์และงบประมาณ", "กองยุทธศาสตร์และงบประมาณ"),
        ("planning", "กองวิชาการและแผนงาน", "กองวิชาการและแผนงาน"),
        ("education", "กองวิชาการและแผนงาน", "กองการศึกษา"),
        ("it", "ศูนย์เทคโนโลยีสารสนเทศและการสื่อสาร", "ศูนย์เทคโนโลยีสารสนเทศและการสื่อสาร"),
        ("audit", "กลุ่มตรวจสอบภายใน", "กลุ่มตรวจสอบภายใน"),
        ("legal", "กองคลัง", "งานนิติการ"),
    ],
)
def test_an_agencys_own_unit_is_recognised(kind: str, own: str, expected: str) -> None:
    assert unit_name(kind, (own,)) == expected
