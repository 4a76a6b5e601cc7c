"""How many must answer, and how many codes that takes: the framework's number where it has one."""

from __future__ import annotations

from prongsai.errors import InputError
from prongsai.framework import Framework
from prongsai.framework.model import Confidence, SampleRow, Sampling
from prongsai.site.base.text import pick
from prongsai.survey.sample import Required, required


def number_for(
    framework: Framework, container: str, heads: int | None, row: SampleRow | None = None
) -> Required | None:
    """The framework's number for a head count, or for a line of its table; None where it cannot be computed."""
    group, size = (row.group, row.size) if row else (None, None)
    try:
        return required(framework, container, group, size, heads)
    except InputError:
        return None


def sampling_of(framework: Framework, container: str) -> Sampling | None:
    """What the framework says about who answers; a part's own words before its instrument's."""
    by_name = {one.of: one for one in framework.sampling}
    return by_name.get(container) or by_name.get(container.partition(".")[0])


def rule_of(framework: Framework, container: str) -> str:
    """The framework's rule in its own words; empty where none is published."""
    found = sampling_of(framework, container)
    return (found.minimum or "") if found else ""


def source_words(source: str, framework: Framework) -> str:
    """A kept source (``actions.setting.source_text``) for readers: the framework's rule by name, else as entered."""
    said, _, confidence = source.rpartition(" (")
    if not source.startswith(f"{framework.id} sampling"):
        return said or source
    sure = confidence == f"{Confidence.CONFIRMED.value})"
    rule = pick("คำนวณตามเกณฑ์ในกรอบการประเมิน", "by the framework’s rule")
    return rule if sure else rule + pick(" (เกณฑ์อนุมานจากเอกสารอื่น)", " (inferred from other documents)")
