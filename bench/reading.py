"""Reading, auditing and repairing against the truth: invented agencies rendered, read back, corrupted, read again.

Clean: the analysis in every layout and format, and the measures in one layout, of each agency. Corrupted: the
analysis as text (from the tree; a merged cell's text stands once, the columns that it covers are empty), HTML, and
text taken out of the DOCX, once with each of the ``NOISES`` below, counted apart. HTML keeps its rows and lines. A
text that lost lines is asked for every value that the remaining lines still print beside its name, the rules of
``tests/reading/mirror.py`` being the judge; nothing else is left out. "As printed": right, or differing from the
truth in confused digits alone. Writes ``build/bench/reading.json``.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "reading"))

from mirror import in_tables, shown_in_lines, shown_values, true_values

from prongsai.analysis.findings import findings
from prongsai.documents.build import build
from prongsai.documents.registry import names
from prongsai.documents.request import Digits, Request
from prongsai.documents.tree import Bullets, Cell, Document, Heading, Paragraph, Table
from prongsai.documents.walk import cell_text, plain
from prongsai.documents.writers import write
from prongsai.framework import for_year
from prongsai.improvement.draft import draft_plan
from prongsai.improvement.model import Plan
from prongsai.reading.audit import audit
from prongsai.reading.finding import Finding
from prongsai.reading.formats.open import open_source
from prongsai.reading.glyphs import ARABIC, THAI, usual_costs
from prongsai.reading.model import Printed, Reading
from prongsai.reading.read import read_file
from prongsai.reading.repair import repair
from prongsai.reading.repairing.equations import Equation, binding_equations
from prongsai.reading.source import Line
from prongsai.reading.source import Table as ReadTable
from prongsai.scoring.score import ScoreSheet, hypotheses, score
from prongsai.simulation import Spec, simulate
from prongsai.thai.digits import to_arabic

YEARS = (2565, 2566, 2567, 2568)
FORMATS = ("html", "docx", "pdf", "xlsx")
FORMS = ("txt", "html", "docx-text")
# The chance that a digit is confused, a Thai mark dropped, a space set between two Thai letters, a row moved
# below the next one, a line lost. ``--glyphs`` sets the first two.
NOISES = {
    "glyphs": {"digit": 0.01, "mark": 0.01, "space": 0.0, "moved": 0.0, "lost": 0.0},
    "glyphs+lines": {"digit": 0.01, "mark": 0.01, "space": 0.005, "moved": 0.01, "lost": 0.01},
}
OUT = Path("build/bench/reading.json")
_MARK = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_BETWEEN = re.compile("(?<=[\u0e01-\u0e2e])(?=[\u0e01-\u0e2e])")
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
_DIGIT = re.compile("[0-9๐-๙]")
# Findings about numbers, which confused digits cause.
_NUMERIC = ("sum.", "mean.", "value.", "repair.", "respondents.", "level.", "claim.", "model.")


@dataclass(frozen=True)
class Case:
    """One rendered file of one agency with its truth: the values that it shows, and what noise made of numbers."""

    sheet: ScoreSheet
    name: str
    shown: dict[str, str]
    noise: Noise


class Figures(Counter[str]):
    """Counts by name, added up over agencies; seconds are counted in microseconds."""

    def took(self, name: str, seconds: float) -> None:
        """Add a duration."""
        self[f"{name}.us"] += round(seconds * 1e6)
        self[f"{name}.n"] += 1

    def share(self, part: str, whole: str) -> float | None:
        """A share rounded to four places; None where there was nothing to count."""
        return round(self[part] / self[whole], 4) if self[whole] else None

    def seconds(self, name: str) -> float | None:
        """The mean duration."""
        return round(self[f"{name}.us"] / self[f"{name}.n"] / 1e6, 4) if self[f"{name}.n"] else None


def noises(glyphs: float) -> dict[str, dict[str, float]]:
    """The noises with another share of corrupted glyphs."""
    return {name: {**rates, "digit": glyphs, "mark": glyphs} for name, rates in NOISES.items()}


# --- rendering


def agency(seed: int) -> ScoreSheet:
    """An invented agency whose scores are all known: a hypothesis is taken wherever a rule is not published."""
    framework = for_year(YEARS[seed % len(YEARS)])
    chosen = {name.split("-")[0]: name for name in reversed(list(hypotheses(framework)))}
    return score(simulate(Spec(framework, seed=seed)).results, assume=chosen.values())


def requests(sheet: ScoreSheet, seed: int) -> list[Request]:
    """The analysis in every layout that fits, and the measures in one of them."""
    layouts = [name for name in names("layouts") if name != "aspects" or sheet.framework.aspects]
    plan, digits = draft_plan(sheet, findings(sheet)), ("thai", "arabic")[seed % 2]
    asked = [("analysis", layout) for layout in layouts] + [("measures", layouts[seed % len(layouts)])]
    return [_request(kind, sheet, layout, plan, digits) for kind, layout in asked]  # type: ignore[arg-type]


def _request(kind: str, sheet: ScoreSheet, layout: str, plan: object, digits: Digits) -> Request:
    return Request(kind=kind, sheet=sheet, layout=layout, plan=plan, digits=digits)  # type: ignore[arg-type]


def lines_of(document: Document) -> list[str]:
    """A document as text: a paragraph is a line, a table row a line with tabs."""
    found: list[str] = []
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Heading):
                found.append(block.text)
            elif isinstance(block, Paragraph):
                found.append(plain(block.text))
            elif isinstance(block, Bullets):
                found += [plain(item) for item in block.items]
            elif isinstance(block, Table):
                found += ["\t".join(row) for row in _grid((*block.head, *block.rows))]
    return found


def _grid(rows: Sequence[tuple[Cell, ...]]) -> list[list[str]]:
    """Rows as text exports print them: a merged cell where it begins, nothing in the other places it covers."""
    taken: set[tuple[int, int]] = set()
    found = []
    for y, cells in enumerate(rows):
        row: list[str] = []
        for cell in cells:
            while (y, len(row)) in taken:
                row.append("")
            taken.update(
                (y + down, len(row) + across) for down in range(1, cell.rowspan) for across in range(cell.colspan)
            )
            row += [_flat(cell_text(cell)), *[""] * (cell.colspan - 1)]
        while (y, len(row)) in taken:
            row.append("")
        found.append(row)
    return found


def docx_lines(path: Path) -> list[str]:
    """The text of a DOCX as our own reader takes it out."""
    found: list[str] = []
    for block in open_source(path).blocks:
        if isinstance(block, Line):
            found.append(block.text)
        elif isinstance(block, ReadTable):
            found += ["\t".join(_flat(cell.text) if cell else "" for cell in row) for row in block.grid()]
    return found


def _flat(text: str) -> str:
    return " ".join(text.split())


# --- corruption


class Noise:
    """Corrupts text at given rates and remembers which number each confused number was."""

    def __init__(self, rates: dict[str, float], dice: random.Random) -> None:
        self.rates, self.dice = rates, dice
        self.confused: set[tuple[str, str]] = set()  # true number, printed number

    def _happens(self, what: str) -> bool:
        return self.rates[what] > 0 and self.dice.random() < self.rates[what]

    def text(self, text: str) -> str:
        """One line with confused digits, dropped marks and spaces inside words."""
        noisy = _DIGIT.sub(lambda m: confused(m[0], self.dice) if self._happens("digit") else m[0], text)
        pairs = ((m[0], to_arabic(noisy[m.start() : m.end()])) for m in _DECIMAL.finditer(to_arabic(text)))
        self.confused.update((true, f"{Decimal(printed):.2f}") for true, printed in pairs if true != printed)
        noisy = _MARK.sub(lambda m: "" if self._happens("mark") else m[0], noisy)
        return _BETWEEN.sub(lambda _: " " if self._happens("space") else "", noisy)

    def lines(self, lines: list[str]) -> list[str]:
        """Lines with some lost and some table rows moved below the next row."""
        kept = [line for line in lines if not self._happens("lost")]
        for at in range(len(kept) - 1):
            if "\t" in kept[at] and "\t" in kept[at + 1] and self._happens("moved"):
                kept[at], kept[at + 1] = kept[at + 1], kept[at]
        return kept

    def html(self, page: str) -> str:
        """An HTML page with its text corrupted, its markup left alone, style and pictures too."""
        head, body, rest = page.partition("<body")
        pieces = re.split(r"(<style.*?</style>|<svg.*?</svg>|<[^>]*>)", rest, flags=re.DOTALL)
        return head + body + "".join(p if p.startswith("<") else self.text(p) for p in pieces)

    def as_printed(self, true: str, read: str) -> bool:
        """Whether a read number is the true one, or what the noise made of it."""
        return read == true or (true, read) in self.confused


def confused(digit: str, dice: random.Random) -> str:
    """Another digit of the same script, the likelier the cheaper the confusion."""
    costs = usual_costs()
    script = [glyph for glyph in (THAI if digit in THAI else ARABIC) if glyph != digit]
    return dice.choices(script, [10 ** (-costs.of(digit, glyph) / 10) for glyph in script])[0]


# --- comparing


def compare(case: Case, reading: Reading, figures: Figures, under: str) -> dict[str, str]:
    """Count values: ``right`` as in truth, ``printed`` right or with confused digits only. Returns the wrong ones."""
    true = true_values(case.sheet)
    read: dict[str, set[str]] = {}
    for value in reading.values:
        read.setdefault(value.node, set()).add(f"{value.value * 100 / (value.of or Decimal(100)):.2f}")
    whole: dict[str, set[str]] = {}
    for node, texts in read.items():
        whole.setdefault(node, set()).update(texts)
        whole.setdefault(node.partition("@")[0], set()).update(texts)
    for node, text in case.shown.items():
        figures[f"{under}.shown"] += 1
        figures[f"{under}.found"] += text in whole.get(node, ())
        figures[f"{under}.found_as_printed"] += any(case.noise.as_printed(text, other) for other in whole.get(node, ()))
    wrong: dict[str, str] = {}
    for node, texts in read.items():
        for text in texts:
            good = text in true.get(node, ())
            figures[f"{under}.read"] += 1
            figures[f"{under}.right"] += good
            figures[f"{under}.right_as_printed"] += any(
                case.noise.as_printed(other, text) for other in true.get(node, ())
            )
            if not good:
                wrong[node] = text
    return wrong


def judge(case: Case, reading: Reading, wrong: dict[str, str], figures: Figures) -> None:
    """Count findings and repairs of a corrupted document against the truth.

    A wrong value is covered by a binding equation that, taken with it and the other numbers as printed, does not hold
    to their last printed digits. It is named when a numeric finding names a number of such an equation. A wrong digit
    that rounding hides (๖๔.๕๗ for ๖๔.๕๓ among six items) contradicts nothing: it is counted in ``wrong`` alone.
    """
    began = time.perf_counter()
    found = [f for f in audit(reading) if f.rule.code.startswith(_NUMERIC)]
    figures.took("audit", time.perf_counter() - began)
    framework = case.sheet.framework
    equations = binding_equations(framework, {value.node for value in reading.values})
    near: dict[str, set[str]] = {}
    for equation in equations:
        for node in equation.nodes:
            near.setdefault(node, set()).update(equation.nodes)
    named = {node for finding in found for node in finding.nodes}
    for node, text in wrong.items():
        covering = [e for e in equations if node in e.nodes and _covers(e, node, text, reading)]
        if covering:
            figures["wrong.covered"] += 1
            figures["wrong.named"] += any(named & set(e.nodes) for e in covering)
    for finding in found:
        figures["findings"] += 1
        figures["findings.true"] += _caused(finding, wrong, near)
    began = time.perf_counter()
    repaired = repair(reading)
    figures.took("repair", time.perf_counter() - began)
    true = true_values(case.sheet)
    for change in repaired.changes:
        if change.decided:
            figures["repairs.decided"] += 1
            figures["repairs.right"] += f"{change.number:.2f}" in true.get(change.node, ())
        elif change.covered:
            figures["repairs.open"] += 1
            figures["repairs.open_named"] += any(
                c.number is not None and f"{c.number:.2f}" in true.get(change.node, ()) for c in change.choices
            )
    mended = {change.node for change in repaired.decided if f"{change.number:.2f}" in true.get(change.node, ())}
    figures["wrong.mended"] += len(set(wrong) & mended)
    figures["wrong"] += len(wrong)


def _covers(equation: Equation, node: str, text: str, reading: Reading) -> bool:
    """Whether an equation contradicts a value of a node: it fails, at the latest with one of the other prints."""
    spans: dict[str, list[tuple[Fraction, Fraction]]] = {}
    for value in reading.values:
        if value.node != node or f"{value.value * 100 / (value.of or 100):.2f}" == text:
            spans.setdefault(value.node, []).append(_span(value))
    least = sum(weight * max(low for low, _ in spans[name]) for name, weight in equation.terms)
    most = sum(weight * min(high for _, high in spans[name]) for name, weight in equation.terms)
    low, high = max(low for low, _ in spans[equation.node]), min(high for _, high in spans[equation.node])
    return not equation.unprinted and (least >= high or most <= low)


def _span(value: Printed) -> tuple[Fraction, Fraction]:
    """The scores that are shown as a printed number, 0 to 100: half a unit of its last digit either way."""
    exponent = value.value.as_tuple().exponent
    half = Fraction(10) ** (exponent if isinstance(exponent, int) else 0) / 2
    middle, scale = Fraction(value.value), Fraction(100) / Fraction(value.of or 100)
    return max((middle - half) * scale, Fraction(0)), min((middle + half) * scale, Fraction(100))


def _caused(finding: Finding, wrong: dict[str, str], near: dict[str, set[str]]) -> bool:
    """Whether a finding has to do with a wrong number: one that it names or one in an equation with it."""
    return any(({node} | near.get(node, set())) & set(wrong) for node in finding.nodes) or (
        not finding.nodes and bool(wrong)
    )


# --- one agency


def work(job: tuple[int, float]) -> Figures:
    """Render one agency, read it clean and with each noise."""
    seed, glyphs = job
    figures, sheet = Figures(), agency(seed)
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        for request in requests(sheet, seed):
            document = build(request)
            shown = shown_values(document, sheet)
            for form in FORMATS:
                path = Path(folder) / f"{request.kind}-{request.layout}.{form}"
                path.write_bytes(write(document, form))
                seen = shown_values(in_tables(document), sheet) if form == "xlsx" else shown
                _clean(Case(sheet, form, seen, Noise({}, dice)), path, request.plan, figures)
            if request.kind == "analysis":
                for name, rates in noises(glyphs).items():
                    for form in FORMS:
                        case = Case(sheet, form, shown, Noise(rates, dice))
                        _corrupted(case, Path(folder), (document, request), name, figures)
    return figures


def _clean(case: Case, path: Path, plan: Plan | None, figures: Figures) -> None:
    began = time.perf_counter()
    reading = read_file(path)[0]
    seconds = time.perf_counter() - began
    figures.took(f"read.{case.name}", seconds)
    if reading.source.pages and case.name == "pdf":
        figures["read.page.us"] += round(seconds * 1e6)
        figures["read.page.n"] += reading.source.pages
    compare(case, reading, figures, f"clean.{case.name}")
    compare(case, reading, figures, "clean")
    figures["clean.documents"] += 1
    for finding in audit(reading):
        if (plan and _true_of_plan(finding, plan)) or _true_of_weights(finding, case.sheet):
            figures["true_of_plan"] += 1
        else:
            figures["false"] += 1
            figures[f"false:{finding.rule.code}"] += 1


def _true_of_weights(finding: Finding, sheet: ScoreSheet) -> bool:
    """Whether items really weigh unequally, as the note says: the hypothesis that was taken is no plain mean."""
    if finding.rule.code != "oit.not_plain_mean":
        return False
    indicator, *failed = finding.nodes
    items = sum(len(i.items) for one in sheet.framework.instruments for i in one.indicators if i.number == indicator)
    score_of = sheet.score(indicator)
    return score_of is not None and score_of != Fraction(100 * (items - len(failed)), items)


def _true_of_plan(finding: Finding, plan: Plan) -> bool:
    """Whether a drafted plan is as a finding says: it leaves some weak items open, and gives some the same steps."""
    if finding.rule.code.endswith(".unanswered"):
        return not any(point.measures and set(finding.nodes) & set(point.items) for point in plan.points)
    if finding.rule.code == "copied.steps":
        steps = Counter(
            s.text for p in plan.points if set(p.items) & set(finding.nodes) for m in p.measures for s in m.steps
        )
        return max(steps.values(), default=0) > 1
    return False


def _corrupted(case: Case, folder: Path, made: tuple[Document, Request], noise: str, figures: Figures) -> None:
    document, request = made
    path = folder / f"corrupted.{'html' if case.name == 'html' else 'txt'}"
    if case.name == "html":
        page = (folder / f"{request.kind}-{request.layout}.html").read_text(encoding="utf-8")
        path.write_text(case.noise.html(page), encoding="utf-8")
    else:
        docx = folder / f"{request.kind}-{request.layout}.docx"
        kept = case.noise.lines(lines_of(document) if case.name == "txt" else docx_lines(docx))
        case = replace(case, shown=shown_in_lines(kept, case.sheet))
        path.write_text("\n".join(map(case.noise.text, kept)), encoding="utf-8")
    began = time.perf_counter()
    reading = read_file(path)[0]
    figures.took("read.txt" if case.name != "html" else "read.corrupted-html", time.perf_counter() - began)
    compare(case, reading, figures, f"{noise}.{case.name}")
    wrong = compare(case, reading, figures, noise)
    figures[f"{noise}.documents"] += 1
    judge(case, reading, wrong, figures)


# --- the report


def summary(figures: Figures, agencies: int, glyphs: float) -> dict[str, object]:
    """All figures in one shape."""
    noisy = [under for noise in NOISES for under in (noise, *(f"{noise}.{form}" for form in FORMS))]
    return {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "date": time.strftime("%Y-%m-%d"),
        "agencies": agencies,
        "documents": {
            "clean": figures["clean.documents"],
            **{noise: figures[f"{noise}.documents"] for noise in NOISES},
        },
        "rates": noises(glyphs),
        "values": {
            "clean": _values(figures, "clean"),
            **{f"clean.{form}": _values(figures, f"clean.{form}") for form in FORMATS},
            **{under: _values(figures, under) for under in noisy},
        },
        "findings": {
            "false_on_clean": figures["false"],
            "true_of_drafted_plans": figures["true_of_plan"],
            "false_by_rule": {k.removeprefix("false:"): v for k, v in figures.items() if k.startswith("false:")},
            "wrong_values": figures["wrong"],
            "wrong_and_covered": figures["wrong.covered"],
            "recall": figures.share("wrong.named", "wrong.covered"),
            "precision": figures.share("findings.true", "findings"),
        },
        "repairs": {
            "decided": figures["repairs.decided"],
            "right_first_time": figures.share("repairs.right", "repairs.decided"),
            "not_decidable": figures["repairs.open"],
            "truth_among_candidates": figures.share("repairs.open_named", "repairs.open"),
            "wrong_values_mended": figures.share("wrong.mended", "wrong"),
        },
        "seconds": {
            **{name: figures.seconds(f"read.{name}") for name in ("txt", *FORMATS)},
            "pdf_page": figures.seconds("read.page"),
            "audit": figures.seconds("audit"),
            "repair": figures.seconds("repair"),
        },
    }


def _values(figures: Figures, under: str) -> dict[str, float | int | None]:
    return {
        "shown": figures[f"{under}.shown"],
        "recall": figures.share(f"{under}.found", f"{under}.shown"),
        "recall_as_printed": figures.share(f"{under}.found_as_printed", f"{under}.shown"),
        "read": figures[f"{under}.read"],
        "precision": figures.share(f"{under}.right", f"{under}.read"),
        "precision_as_printed": figures.share(f"{under}.right_as_printed", f"{under}.read"),
    }


def main() -> None:
    """Run all agencies, one process per core, and print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=40)
    parser.add_argument("--glyphs", type=float, default=0.01, help="share of digits and of marks that are corrupted")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    jobs = [(seed, asked.glyphs) for seed in range(1, asked.agencies + 1)]
    figures = Figures()
    with multiprocessing.get_context("spawn").Pool(asked.processes) as pool:
        for part in pool.imap_unordered(work, jobs):
            figures.update(part)
    found = summary(figures, asked.agencies, asked.glyphs)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for name in ("documents", "rates", "values", "findings", "repairs", "seconds"):
        print(f"{name}:")
        for key, value in found[name].items():  # type: ignore[attr-defined]
            print(f"  {key:22} {value}")
    print(f"figures in {OUT}")


if __name__ == "__main__":
    main()
