"""Answers from other tools: what they write comes back as it was given, and bad files say where."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.survey.answers import answer, unpack
from prongsai.survey.imports import table as tables
from prongsai.survey.imports.guess import guess
from prongsai.survey.imports.mapping import Mapping, from_yaml, load_mapping
from prongsai.survey.imports.personal import kind_of
from prongsai.survey.imports.run import Outcome, dry_run
from prongsai.survey.imports.source import source, sources
from prongsai.survey.imports.table import letter, open_table
from prongsai.survey.questionnaire import Line, Question, Questionnaire, questionnaire
from prongsai.survey.shipped import shipped
from prongsai.survey.wording import Wording, with_wording
from prongsai.yaml_file import parse

FORMS = {
    form.id: form
    for form in (
        shipped(questionnaire(by_id(name), code))
        for name, code in (("rehearsal", "R"), ("service-point", "S"), ("ita-2564", "IIT"), ("ita-2565", "EIT"))
    )
}
R = FORMS["rehearsal/R"]
Sheet = dict[str, str]


def write(path: Path, rows: list[list[str]], encoding: str = "utf-8", separator: str = ",") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def run(path: Path, form: Questionnaire, tool: str, mapping: Mapping | None = None) -> Outcome:
    table = open_table(path)
    return dry_run(table, mapping or guess(table, form, source(tool)).mapping, form, source(tool))


def each_line(form: Questionnaire) -> list[tuple[Question, Line]]:
    return [(question, line) for question in form.questions for line in question.lines]


# What each tool writes, made here by hand from its documentation.


def central(form: Questionnaire, people: list[Sheet]) -> list[list[str]]:
    head = ["SubmissionDate", "meta-instanceID", "eligible", "not_eligible"]
    for question, line in each_line(form):
        group = f"questions-indicator_{question.indicator}-"
        head.append(group + (f"{question.code}-" if question.has_rows else "") + line.code)
    head += ["KEY", "SubmitterID", "SubmitterName", "DeviceID", "Edits", "FormVersion"]
    return [head] + [
        [
            *("2026-11-21T03:04:05Z", f"uuid:{n}", "yes", ""),
            *(one.get(line.code, "") for line in form.lines),
            *(f"uuid:{n}", "12", "surveyor", "ee.odk.org:1", "0", form.version),
        ]
        for n, one in enumerate(people)
    ]


def kobo_without_groups(form: Questionnaire, people: list[Sheet]) -> list[list[str]]:
    head = ["start", "end", "eligible", *(line.code for line in form.lines), "_id", "_uuid", "_submission_time"]
    return [[*head, "_submitted_by", "__version__"]] + [
        ["t", "t", "yes", *(one.get(line.code, "") for line in form.lines), "1", f"u{n}", "t", "me", "vKobo"]
        for n, one in enumerate(people)
    ]


def kobo_labels(form: Questionnaire, people: list[Sheet]) -> list[list[str]]:
    def label(question: Question, line: Line) -> str:
        parts = [form.text(question.indicator), form.text(question.code) if question.has_rows else None]
        return "/".join(["questions", *(part for part in parts if part), form.text(line.code) or ""])

    head = [form.text("eligible") or "", *(label(question, line) for question, line in each_line(form)), "_uuid"]
    return [head] + [["ใช่", *(shown(form, line, one) for line in form.lines), f"u{n}"] for n, one in enumerate(people)]


def shown(form: Questionnaire, line: Line, one: Sheet, language: str = "th", pattern: str = "{label}") -> str:
    if line.code not in one:
        return ""
    return pattern.format(label=form.text(f"{line.scale}:{one[line.code]}", language), key=one[line.code])


def google(form: Questionnaire, people: list[Sheet]) -> list[list[str]]:
    def header(question: Question, line: Line) -> str:
        text = form.text(line.code) or ""
        return f"{form.text(question.code)} [{text}]" if question.has_rows else text

    head = ["ประทับเวลา", "ที่อยู่อีเมล", *(header(question, line) for question, line in each_line(form))]
    return [head] + [
        ["21/11/2026, 10:00", "a@example.org", *(shown(form, n, one) for n in form.lines)] for one in people
    ]


def google_numbered(form: Questionnaire, people: list[Sheet]) -> list[list[str]]:
    rows = google(form, people)
    rows[0] = ["Timestamp", "Email Address", *(f"{n}. {text}" for n, text in enumerate(rows[0][2:], start=1))]
    for row, one in zip(rows[1:], people, strict=True):
        row[2:] = [shown(form, line, one, pattern="{label} ({key})") for line in form.lines]
    return rows


def lime_codes(form: Questionnaire, people: list[Sheet]) -> list[list[str]]:
    def code(line: Line) -> str:
        item, _, row = line.code.partition(".")
        return f"{item}[SQ{int(row):03}]" if row else item

    head = ["id", "submitdate", "lastpage", "startlanguage", "seed", "ipaddr", "refurl"]
    return [[*head, *map(code, form.lines)]] + [
        [str(n), "2026-11-21", "3", "th", "77", "127.0.0.1", "", *(one.get(n.code, "N/A") for n in form.lines)]
        for n, one in enumerate(people)
    ]


def lime_texts(form: Questionnaire, people: list[Sheet]) -> list[list[str]]:
    head = ["Response ID", "Date submitted", *google(form, [])[0][2:]]
    return [head] + [[str(n), "d", *(shown(form, line, one) for line in form.lines)] for n, one in enumerate(people)]


def lime_codes_and_texts(form: Questionnaire, people: list[Sheet]) -> list[list[str]]:
    head = ["id", *(f"{line.code}. {form.text(line.code)}" for line in form.lines)]
    return [head] + [
        [str(n), *(shown(form, line, one, pattern="{key} {label}") for line in form.lines)]
        for n, one in enumerate(people)
    ]


WRITTEN = [
    ("odk", central),
    ("odk", kobo_without_groups),
    ("odk", kobo_labels),
    ("google-forms", google),
    ("google-forms", google_numbered),
    ("limesurvey", lime_codes),
    ("limesurvey", lime_texts),
    ("limesurvey", lime_codes_and_texts),
]


@st.composite
def surveys(draw: st.DrawFn) -> tuple[Questionnaire, list[Sheet]]:
    form = draw(st.sampled_from(list(FORMS.values())))
    one = st.fixed_dictionaries({}, optional={line.code: st.sampled_from(line.options) for line in form.lines})
    return form, draw(st.lists(one, min_size=1, max_size=4))


@pytest.mark.parametrize(("tool", "writer"), WRITTEN, ids=[writer.__name__ for _, writer in WRITTEN])
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=surveys())
def test_what_was_given_comes_back(tmp_path: Path, tool, writer, case) -> None:
    form, people = case
    path = write(tmp_path / "answers.csv", writer(form, people))
    table = open_table(path)
    guessed = guess(table, form, source(tool))
    found = dry_run(table, guessed.mapping, form, source(tool))
    assert guessed.unsure == ()
    assert found.problems == ()
    assert list(found.answers) == sorted((answer(form, one, all_needed=False) for one in people if one), key=str)
    assert (found.rows, len(found.empty)) == (len(people), sum(not one for one in people))
    assert found.unmapped == ()
    assert found.lines_without == ()


def test_every_tool_has_one_file() -> None:
    assert set(sources()) == {"odk", "google-forms", "limesurvey"}
    with pytest.raises(InputError, match="expected one of"):
        source("paper")


FULL = {line.code: line.options[0] for line in R.lines}
OTHER = {line.code: line.options[-1] for line in R.lines}


def test_personal_columns_are_dropped_and_named(tmp_path: Path) -> None:
    found = run(write(tmp_path / "a.csv", central(R, [FULL])), R, "odk")
    assert {column.header: column.kind for column in found.dropped} == {
        "SubmissionDate": "time",
        "meta-instanceID": "tool",
        "not_eligible": "tool",
        "KEY": "tool",
        "SubmitterID": "person",
        "SubmitterName": "person",
        "DeviceID": "device",
        "Edits": "tool",
        "FormVersion": "tool",
    }
    for kept in ("uuid", "surveyor", "ee.odk", "2026", "T03"):
        assert kept not in str(found.answers)
    lime = run(write(tmp_path / "b.csv", lime_codes(R, [FULL])), R, "limesurvey")
    assert {"ipaddr": "network", "startlanguage": "language"}.items() <= {
        c.header: c.kind for c in lime.dropped
    }.items()
    assert kind_of("ท่านเคยติดต่อหน่วยงานนี้ทางโทรศัพท์หรืออีเมลหรือไม่ ในรอบปีที่ผ่านมา") is None  # a question, not a heading
    assert kind_of("เบอร์โทรศัพท์ของท่าน") == "telephone"


def test_a_personal_heading_is_not_taken_for_a_question_like_it(tmp_path: Path) -> None:
    form = with_wording(R, Wording(R.id, "lo", "draft", {"r1": "Your telephone service"}))
    table = open_table(write(tmp_path / "a.csv", [["Your telephone services", "r2"], ["081", "5"]]))
    assert guess(table, form, source("google-forms")).mapping.columns == {"r2": "r2"}


def test_headings_may_repeat_where_they_are_not_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [["note", "note", "", "", "r1"], ["a", "b", "", "", "5"]])
    assert len(run(path, R, "google-forms").answers) == 1


@pytest.mark.parametrize("cell", ["", "N/A", "{question_not_shown}"])
def test_a_question_that_was_not_shown_has_no_answer(tmp_path: Path, cell: str) -> None:
    found = run(write(tmp_path / "a.csv", [["id", "r1", "r2"], ["1", cell, "5"]]), R, "limesurvey")
    assert [unpack(one, R) for one in found.answers] == [{"r2": "5"}]


def test_the_order_of_rows_does_not_show(tmp_path: Path) -> None:
    one = run(write(tmp_path / "a.csv", google(R, [FULL, OTHER, FULL])), R, "google-forms")
    other = run(write(tmp_path / "b.csv", google(R, [OTHER, FULL, FULL])), R, "google-forms")
    assert one.answers == other.answers


def test_a_submission_that_stands_twice_counts_once(tmp_path: Path) -> None:
    rows = central(R, [FULL, OTHER])
    found = run(write(tmp_path / "a.csv", [*rows, rows[1], rows[2], rows[1]]), R, "odk")
    assert len(found.answers) == 2
    assert found.duplicates == [4, 5, 6]
    google_rows = google(R, [FULL, FULL])  # without an id two equal answers are two people
    assert len(run(write(tmp_path / "b.csv", google_rows), R, "google-forms").answers) == 2


def test_who_is_not_eligible_and_who_says_nothing_is_left_out(tmp_path: Path) -> None:
    rows = kobo_without_groups(R, [FULL, {}, OTHER])
    rows[3][2] = "no"
    found = run(write(tmp_path / "a.csv", rows), R, "odk")
    assert (found.empty, found.not_eligible, len(found.answers)) == ([3], [4], 1)


def test_answers_of_another_version_are_refused_unless_told(tmp_path: Path) -> None:
    rows = central(R, [FULL, OTHER])
    rows[1][-1] = "0123456789abcdef"
    path = write(tmp_path / "a.csv", rows)
    found = run(path, R, "odk")
    assert [(p.code, p.where) for p in found.problems] == [("import.version", f"a.csv:2 {letter(len(rows[0]) - 1)}")]
    assert len(found.answers) == 1
    table = open_table(path)
    mapping = guess(table, R, source("odk")).mapping
    told = Mapping(mapping.questionnaire, mapping.columns, mapping.values, ("0123456789abcdef",))
    assert len(run(path, R, "odk", told).answers) == 2


def test_what_is_wrong_is_said_by_cell(tmp_path: Path) -> None:
    rows = google(R, [FULL, OTHER, FULL, OTHER])
    rows[1][2] = "มากๆ"
    rows[3][2] = "มากๆ"
    rows[2][4] = "=cmd|' /C calc'!A0"
    rows[4] = rows[4][:-1]
    found = run(write(tmp_path / "คำตอบ.csv", rows), R, "google-forms")
    assert [(p.code, p.where) for p in found.problems] == [
        ("import.option", "คำตอบ.csv:2 C"),
        ("import.formula", "คำตอบ.csv:3 E"),
        ("import.ragged", "คำตอบ.csv:5"),
    ]
    assert "อีก 1 แถว" in found.problems[0].th
    assert "0, 1, 2, 3, 4, 5" in found.problems[0].en
    assert found.answers == ()
    assert all(problem.next_th for problem in found.problems)


def test_a_column_of_another_kind_does_not_drown_the_reader(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [["r1", "r2"], *(["5", f"text {n}"] for n in range(1000))])
    found = run(path, R, "odk")
    assert len(found.problems) == 201
    assert (found.problems[-1].code, found.problems[-1].where) == ("import.more", "a.csv:202")
    assert found.answers == ()


def test_columns_nobody_knows_and_lines_nobody_asked_are_named(tmp_path: Path) -> None:
    rows = google(R, [FULL])
    rows[0][3] = "ท่านชอบสีอะไร"
    found = run(write(tmp_path / "a.csv", rows), R, "google-forms")
    assert [(column.letter, column.header) for column in found.unmapped] == [("D", "ท่านชอบสีอะไร")]
    assert found.lines_without == ("r2",)
    assert unpack(found.answers[0], R) == {code: key for code, key in FULL.items() if code != "r2"}


def test_likeness_is_a_question_to_a_person(tmp_path: Path) -> None:
    rows = google(R, [OTHER])
    text = rows[0][2]
    rows[0][2] = text.replace("สำนักงานของเรา", "สำนักงานเรา")
    rows[1][5] = "มากที่สุดดด"
    guessed = guess(open_table(write(tmp_path / "a.csv", rows)), R, source("google-forms"))
    assert guessed.unsure == (f"{rows[0][2]} → r1",)  # a label that is nearly another stays open
    assert guessed.mapping.values["six_level"]["มากที่สุดดด"] == ""
    assert guessed.mapping.columns[rows[0][2]] == "r1"


def test_an_option_is_not_guessed_against_its_own_words(tmp_path: Path) -> None:
    rows = google(R, [FULL] * 4)
    for row, cell in zip(rows[1:], ("มาก (1)", "น้อยมาก (1)", "ไม่พบ", "5 - มากที่สุด"), strict=True):
        row[2] = cell
    values = guess(open_table(write(tmp_path / "a.csv", rows)), R, source("google-forms")).mapping.values["six_level"]
    assert {cell: values[cell] for cell in ("มาก (1)", "น้อยมาก (1)", "ไม่พบ", "5 - มากที่สุด")} == {
        "มาก (1)": "",
        "น้อยมาก (1)": "1",
        "ไม่พบ": "",
        "5 - มากที่สุด": "5",
    }


def test_one_text_under_two_questions_tells_nothing(tmp_path: Path) -> None:
    form = FORMS["ita-2564/IIT"]
    seen: dict[str, int] = {}
    for _, line in each_line(form):
        seen[form.text(line.code) or ""] = seen.get(form.text(line.code) or "", 0) + 1
    twice = next(text for text, count in seen.items() if count > 1)
    table = open_table(write(tmp_path / "a.csv", [[twice, "i1.1"], ["1", "1"]]))
    assert guess(table, form, source("google-forms")).mapping.columns == {"i1.1": "i1.1"}


def test_a_mapping_is_edited_as_yaml(tmp_path: Path) -> None:
    rows = google(R, [FULL, OTHER])
    rows[0][2] = "คำถามแรก"
    rows[1][3] = "น้อยสุด ๆ"
    path = write(tmp_path / "a.csv", rows)
    guessed = guess(open_table(path), R, source("google-forms")).mapping
    with pytest.raises(InputError) as caught:  # an option that is not known yet must be filled in
        from_yaml(parse(guessed.as_yaml(), "m.yaml"), R)
    assert [problem.code for problem in caught.value.problems] == ["mapping.option"]
    edited = guessed.as_yaml().replace("น้อยสุด ๆ: ''", "น้อยสุด ๆ: '1'").replace("columns:", "columns:\n  คำถามแรก: r1")
    (tmp_path / "m.yaml").write_text(edited, encoding="utf-8")
    mapping = load_mapping(tmp_path / "m.yaml", R)
    assert from_yaml(parse(mapping.as_yaml(), "m.yaml"), R) == mapping
    found = run(path, R, "google-forms", mapping)
    assert not found.problems
    assert {unpack(one, R)["r2"] for one in found.answers} == {"1", "5"}


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("questionnaire: rehearsal/R\ncolumns: {a: r99}", "mapping.line", "m.yaml:2"),
        ("questionnaire: rehearsal/R\ncolumns: {a: r1, b: r1}", "mapping.twice", "m.yaml:2"),
        ("questionnaire: rehearsal/R\ncolumns: {a: r1}\nvalues: {nine: {a: 1}}", "mapping.scale", "m.yaml:3"),
        ("questionnaire: rehearsal/R\ncolumns: {a: r1}\nvalues: {yes_no: {a: maybe}}", "mapping.option", "m.yaml:3"),
        ("questionnaire: rehearsal/R\ncolumns: {a: r1}\nextra: 1", "mapping.key", "m.yaml:3"),
        ("questionnaire: ita-2564/IIT\ncolumns: {a: r1}", "mapping.other", "m.yaml:1"),
        ("questionnaire: rehearsal/R\ncolumns: {a: r1}\nversions: one", "mapping.versions", "m.yaml:3"),
        ("- a", "mapping.shape", "m.yaml"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_line(text: str, code: str, where: str) -> None:
    with pytest.raises(InputError) as caught:
        from_yaml(parse(text, "m.yaml"), R)
    assert {problem.code for problem in caught.value.problems} == {code}
    assert caught.value.problems[0].where.startswith(where)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    path = write(tmp_path / "a.csv", google(R, [FULL, OTHER]), encoding, separator)
    assert [unpack(one, R) for one in run(path, R, "google-forms").answers] == sorted(
        [FULL, OTHER], key=lambda one: str(answer(R, one))
    )


def test_thai_digits_and_broken_sara_am_are_read(tmp_path: Path) -> None:
    rows = google(R, [FULL])
    rows[0] = [cell.replace("ำ", "ํา") for cell in rows[0]]
    rows[1][2] = "๕"
    assert unpack(run(write(tmp_path / "a.csv", rows), R, "google-forms").answers[0], R)["r1"] == "5"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import.empty"),
        (b"r1,r2\n", "import.no_rows"),
        (b"PK\x03\x04rest", "import.not_csv"),
        (b"r1,r2\n\x00\x01,\x02", "import.not_csv"),
        (b"r1,r2\n\xff\xfe\xfd,1\n", "import.encoding"),
        (b"\xff\xfer\x001\x00\n\x00\x00", "import.encoding"),
        (b"r1,r2\n" + b"5," * 1_000_000, "import.too_wide"),
        (b"5,4,yes,3\n5,4,yes,3\n", "import.no_header"),
        ("ชื่อ,สีที่ชอบ\nก,แดง\n".encode(), "import.no_columns"),
        (b"r1,r1\n5,4\n", "import.repeated"),
        (b'r1,r2\n5,"4\n', "import.broken"),
        (b'r1,r2\n5,4\n"a"b,5\n', "import.broken"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        run(path, R, "odk")
    assert [problem.code for problem in caught.value.problems] == [code]
    assert caught.value.problems[0].next_th
    with pytest.raises(InputError) as caught:
        run(tmp_path / "none.csv", R, "odk")
    assert [problem.code for problem in caught.value.problems] == ["import.unreadable"]


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(tables.MAX_BYTES + 1)
    with pytest.raises(InputError, match="larger than 100 MB"):
        open_table(path)


def test_a_mapping_of_another_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", google(R, [FULL]))
    with pytest.raises(InputError, match="does not have"):
        run(path, R, "google-forms", Mapping(R.id, {"อื่น": "r1"}))


def test_columns_are_named_as_in_spreadsheets() -> None:
    assert [letter(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
