"""From a results file to what scoring needs: every number at its node of the framework's tree."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from prongsai.errors import InputError, Problem
from prongsai.framework import Framework, by_id, for_year
from prongsai.framework.load import shape_problems
from prongsai.scoring.results_file import Agency, ResultsFile
from prongsai.scoring.sheets import read_sheets
from prongsai.scoring.structure import Structure, at_part, structure
from prongsai.scoring.tally import Moments, Tally
from prongsai.thai.codes import read_code
from prongsai.thai.digits import to_arabic
from prongsai.yaml_file import YamlFile, read

LEAVES_THE_DENOMINATOR = ("not_applicable", "not_assessed")


@dataclass(frozen=True)
class Results:
    """All that is known of one agency's year, by node id of the framework's tree."""

    agency: Agency
    framework: Framework
    name: str = ""
    given: dict[str, Decimal] = field(default_factory=dict)
    level: str | None = None
    tallies: dict[str, Tally] = field(default_factory=dict)
    moments: dict[str, Moments] = field(default_factory=dict)
    respondents: dict[str, int] = field(default_factory=dict)
    population: dict[str, int] = field(default_factory=dict)
    printed: dict[str, tuple[Decimal, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    source: str | None = None

    @property
    def fiscal_year(self) -> int | None:
        """The fiscal year assessed (B.E.), or None for a framework outside the national year."""
        return self.framework.fiscal_year


def load_results(path: Path) -> Results:
    """Read a results file (YAML, or the XLSX template).

    Raises ``InputError`` with every problem found: unknown item, score outside 0–100, text in a number
    cell, a year without a framework, a broken file.
    """
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
        from prongsai.scoring.template import read_template

        return from_yaml(read_template(path), path.parent)
    return from_yaml(read(path), path.parent)


def from_yaml(file: YamlFile, folder: Path | None = None) -> Results:
    """Results from data already read; ``folder`` is where sheet files are looked for."""
    data = file.data
    if not isinstance(data, dict):
        raise InputError(
            Problem(
                "results.shape",
                file.name,
                "ไฟล์ผลต้องเป็นรายการคีย์และค่า",
                "a results file is a mapping of keys",
                "โปรดเขียนตามตัวอย่างในโฟลเดอร์ examples เช่น agency: {name: …} และ fiscal_year: 2568",
            )
        )
    try:
        shape = ResultsFile.model_validate(data)
    except ValidationError as error:
        raise InputError(shape_problems(error, file, "results.shape")) from error
    framework = _framework(shape, file)
    return _Resolver(framework, file).resolve(shape, folder)


def _framework(shape: ResultsFile, file: YamlFile) -> Framework:
    try:
        if shape.framework:
            return by_id(shape.framework)
        if shape.fiscal_year is not None:
            return for_year(shape.fiscal_year)
    except InputError as error:
        key = "framework" if shape.framework else "fiscal_year"
        where = file.where([key])
        raise InputError([Problem(p.code, where, p.th, p.en, p.next_th) for p in error.problems]) from error
    raise InputError(
        Problem(
            "results.no_year",
            file.name,
            "ไม่ได้ระบุปีงบประมาณของผลการประเมิน",
            "neither fiscal_year nor framework is given",
            "โปรดเพิ่มคีย์ fiscal_year เช่น fiscal_year: 2568",
        )
    )


class _Resolver:
    """Turns the names of one file into node ids, collecting problems instead of stopping at the first."""

    def __init__(self, framework: Framework, file: YamlFile) -> None:
        self.framework = framework
        self.tree: Structure = structure(framework)
        self.file = file
        self.problems: list[Problem] = []
        self.letters = {
            node.instrument: node.code.rstrip("0123456789") for node in self.tree.of_kind("item") if node.instrument
        }
        self.containers = {
            _plain(node.id): node.id for node in self.tree.nodes.values() if node.kind in ("instrument", "part")
        }

    def resolve(self, shape: ResultsFile, folder: Path | None) -> Results:
        given = self._given(shape)
        tallies = self._tallies(shape) | self._verdicts(shape)
        moments: dict[str, Moments] = {}
        for name, path in shape.sheets.items():
            container = self._container(name, ("sheets", name))
            if container:
                counted, moments[container] = read_sheets((folder or Path()) / path, self.tree, container)
                tallies |= counted
        printed = {
            node: tuple(values)
            for name, values in shape.printed.items()
            if (node := self._any(name, ("printed", name)))
        }
        level = self._level(shape)
        results = Results(
            agency=shape.agency,
            framework=self.framework,
            name=self.file.name,
            given=given,
            level=level,
            tallies=tallies,
            moments=moments,
            respondents={name: sums.sheets for name, sums in moments.items()}
            | self._counts(shape.respondents, "respondents"),
            population=self._counts(shape.population, "population"),
            printed=printed,
            notes=tuple(shape.notes),
            source=shape.source,
        )
        if self.problems:
            raise InputError(self.problems)
        return results

    def _given(self, shape: ResultsFile) -> dict[str, Decimal]:
        given: dict[str, Decimal] = {}
        scores = shape.scores
        if scores.overall is not None:
            given["overall"] = scores.overall
        for group in ("components", "instruments"):
            for name, value in getattr(scores, group).items():
                if node := self._container(name, ("scores", group, name)):
                    self._put(given, node, value, ("scores", group, name))
        for group in ("indicators", "sub_indicators"):
            for name, value in getattr(scores, group).items():
                code = read_code(name)
                if code in self.tree.nodes and self.tree.nodes[code].kind in ("indicator", "sub_indicator"):
                    self._put(given, code, value, ("scores", group, name))
                else:
                    self._unknown(name, ("scores", group, name), ("indicator", "sub_indicator"))
        for name, item in scores.items.items():
            key = ("scores", "items", name)
            container = self.containers.get(_plain(name))
            if container and isinstance(item, dict):
                letter = self.letters.get(self.tree.nodes[container].instrument or container)
                for inner, score in item.items():
                    self._item(given, read_code(inner, letter), score, (*key, inner), self._part(name))
            else:
                self._item(given, read_code(name), item, key)
        return given

    def _item(
        self, given: dict[str, Decimal], code: str, value: Any, key: tuple[str, ...], part: str | None = None
    ) -> None:
        if self._is(code, "item", "row", key=key) is None:
            return
        if isinstance(value, dict):
            for name, score in value.items():
                if not isinstance(score, Decimal):
                    self._unknown(name, (*key, name), ("part",))
                elif self._holds(code, name, (*key, name)):
                    self._put(given, at_part(code, self._part(name)), score, (*key, name))
        else:
            self._put(given, at_part(code, part), value, key)

    def _put(self, given: dict[str, Decimal], node: str, value: Decimal, key: tuple[str, ...]) -> None:
        if node not in self.tree.nodes:
            self._unknown(node, key, ("item",))
        elif given.setdefault(node, value) != value:
            self._twice(node, key, given[node], value)

    def _tallies(self, shape: ResultsFile) -> dict[str, Tally]:
        found: dict[str, Tally] = {}
        for name, tree in shape.tallies.items():
            code = read_code(name)
            if self._is(code, "item", "row", key=("tallies", name)) is not None:
                self._tally(found, code, None, tree, ("tallies", name))
        return found

    def _tally(self, found: dict[str, Tally], code: str, part: str | None, tree: Any, key: tuple[str, ...]) -> None:
        flat = {option: count for option, count in tree.items() if not isinstance(count, dict)}
        node = self.tree.nodes.get(at_part(code, part))
        if flat and node and node.leaf is None:
            self._problem(
                "results.rows",
                key,
                f"ข้อ {code} มีข้อย่อย โปรดแยกจำนวนตามข้อย่อย",
                f"{code} has rows; give a tally for each row",
                "เช่น {1: {4: 10, 3: 2}, 2: {4: 12}}",
            )
        elif flat and node and node.leaf:
            keys = {o.key for o in node.leaf.scale.options} if node.leaf.scale else set()
            counts: dict[str, int] = {}
            for option, count in flat.items():
                plain = to_arabic(option).strip()
                if keys and plain not in keys:
                    self._problem(
                        "results.option",
                        (*key, option),
                        f"ไม่มีตัวเลือก “{option}” ในข้อ {code}",
                        f"{code} has no option {option!r}; options are {', '.join(sorted(keys))}",
                        f"ตัวเลือกของข้อนี้คือ {', '.join(sorted(keys))}",
                    )
                elif plain in counts:
                    self._twice(f"{node.id} {plain}", (*key, option), counts[plain], count)
                else:
                    counts[plain] = count
            if node.id in found:
                self._twice(node.id, key, found[node.id].counts, counts)
            found[node.id] = Tally(counts)
        for name, child in tree.items():
            if not isinstance(child, dict):
                continue
            row = f"{code}.{to_arabic(name).strip()}"
            if row in self.tree.nodes:
                self._tally(found, row, part, child, (*key, name))
            elif self._holds(code, name, (*key, name)):
                self._tally(found, code, self._part(name) or part, child, (*key, name))

    def _verdicts(self, shape: ResultsFile) -> dict[str, Tally]:
        found: dict[str, Tally] = {}
        for name, verdict in shape.verdicts.items():
            key = ("verdicts", name)
            node = self._is(read_code(name, self._checklist_letter()), "item", key=key)
            if node is None:
                continue
            leaf = self.tree.nodes[node].leaf
            options = [option.key for option in leaf.scale.options] if leaf and leaf.scale else []
            if node in found:
                self._twice(node, key, found[node].counts, verdict)
            elif verdict in LEAVES_THE_DENOMINATOR:
                found[node] = Tally({})
            elif verdict in options:
                found[node] = Tally({verdict: 1})
            else:
                expected = ", ".join([*options, *LEAVES_THE_DENOMINATOR])
                self._problem(
                    "results.verdict",
                    key,
                    f"ผลการตรวจ “{verdict}” ของข้อ {node} ไม่อยู่ในรายการ",
                    f"verdict {verdict!r}; expected one of {expected}",
                    f"โปรดใช้ค่าใดค่าหนึ่งใน {expected}",
                )
        return found

    def _checklist_letter(self) -> str | None:
        lists = [inst.code for inst in self.framework.instruments if inst.kind == "checklist"]
        return self.letters.get(lists[0]) if len(lists) == 1 else None

    def _level(self, shape: ResultsFile) -> str | None:
        level = shape.scores.level
        names = [band.name for band in self.framework.levels.bands]
        if level is None:
            return None
        plain = level.strip().removeprefix("ระดับ").strip()
        if plain in names:
            return plain
        self._problem(
            "results.level",
            ("scores", "level"),
            f"ไม่มีระดับ “{level}” ในกรอบการประเมินนี้",
            f"no level {level!r}; levels are {', '.join(names)}",
            f"ระดับของปีนี้คือ {', '.join(names)}",
        )
        return None

    def _counts(self, counts: dict[str, int], group: str) -> dict[str, int]:
        return {node: count for name, count in counts.items() if (node := self._container(name, (group, name)))}

    def _container(self, name: str, key: tuple[str, ...]) -> str | None:
        node = self.containers.get(_plain(name))
        if node is None:
            self._unknown(name, key, ("instrument", "part"))
        return node

    def _part(self, name: str) -> str | None:
        """The part that a name means, None for a whole instrument."""
        node = self.tree.nodes[self.containers[_plain(name)]]
        return node.id if node.kind == "part" else None

    def _holds(self, code: str, name: str, key: tuple[str, ...]) -> bool:
        """Whether ``name`` is the instrument of an item, or one of its parts; a problem where it is not."""
        container = self._container(name, key)
        node = self.tree.nodes.get(code)
        if container and node and (self.tree.nodes[container].instrument or container) != node.instrument:
            self._problem(
                "results.wrong_instrument",
                key,
                f"ข้อ {code} ไม่ได้อยู่ใน {container}",
                f"{code} does not belong to {container}, but to {node.instrument}",
                f"ข้อนี้เป็นของ {node.instrument}",
            )
            return False
        return container is not None

    def _any(self, name: str, key: tuple[str, ...]) -> str | None:
        code, _, part = name.partition("@")
        plain = read_code(code)
        node = self.containers.get(_plain(code)) or at_part(plain, self.containers.get(_plain(part)))
        if node in self.tree.nodes:
            return node
        self._unknown(name, key, ("item", "indicator"))
        return None

    def _is(self, code: str, *kinds: str, key: tuple[str, ...]) -> str | None:
        node = self.tree.nodes.get(code)
        if node and node.kind in kinds:
            return code
        self._unknown(code, key, kinds)
        return None

    def _unknown(self, name: str, key: tuple[str, ...], kinds: tuple[str, ...]) -> None:
        known = [node.id for node in self.tree.nodes.values() if node.kind in kinds and node.part is None]
        if "part" in kinds:
            known = list(self.containers.values())
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or known[:1] + known[-1:]
        self._problem(
            "results.unknown_code",
            key,
            f"ไม่รู้จัก “{name}” ในกรอบการประเมิน {self.framework.id}",
            f"{name!r} is not in {self.framework.id}; there are {len(known)}, such as {', '.join(near)}",
            f"โปรดตรวจสอบรหัส (เช่น {', '.join(near)})",
        )

    def _twice(self, name: str, key: tuple[str, ...], first: object, second: object) -> None:
        self._problem(
            "results.twice",
            key,
            f"{name} ระบุไว้สองครั้ง ({first} และ {second})",
            f"{name} is given twice ({first} and {second})",
            "โปรดเหลือค่าเดียว คะแนนอีกค่าหนึ่งใส่ไว้ในคีย์ printed ได้",
        )

    def _problem(self, code: str, key: tuple[str, ...], th: str, en: str, next_th: str) -> None:
        self.problems.append(Problem(code, self.file.where(key), th, en, next_th))


def _plain(name: str) -> str:
    """The name of an instrument or part without spaces, dots, case and the word ส่วนที่."""
    return "".join(c for c in to_arabic(name).lower().replace("ส่วนที่", "").replace("part", "") if c.isalnum())
