"""Results pages: the numbers of ``prongsai score``, nothing of small groups, what cannot be compared is said."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cast import Cast, give_results, make_round
from django.test import Client

from prongsai.framework import for_year
from prongsai.scoring.interval import shown
from prongsai.scoring.results import load_results
from prongsai.scoring.score import score
from prongsai.simulation import Spec, simulate
from prongsai.site.files.keep import Received, keep
from prongsai.site.results.models import Result, Source
from prongsai.site.results.show import YearResult
from prongsai.site.results.show_trace import NodeConverter
from prongsai.site.results.show_words import uncertainty_of
from prongsai.site.results.stored import plain
from prongsai.site.rounds.models import Assessment, Round
from prongsai.yaml_file import read

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("krokkaeo-2562", "takbai-2565", "thatalat-2566", "bangpla-2567", "sisaket-2568")
PAGES = ("", "indicators/", "items/", "aspects/", "trace/overall/", "trace/level/", "trace/i1/")
ClientOf = Callable[[str], Client]


def text(response: Any) -> str:
    """What a reader sees of a page: no tags, single spaces."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def add(assessment: Assessment, data: dict[str, Any], **fields: Any) -> Result:
    """A further revision of an assessment's results."""
    number = assessment.results.count() + 1
    return Result.objects.create(
        assessment=assessment, revision=number, source=fields.pop("source", Source.FILE), data=data, **fields
    )


def round_of(cast: Cast, year: int) -> Round:
    return Round.objects.filter(slug=str(year)).first() or make_round(year)


def example(cast: Cast, name: str) -> Assessment:
    """One of the five examples as the agency's results of its year."""
    year = int(name[-4:])
    found, _ = Assessment.objects.get_or_create(agency=cast.agency, round=round_of(cast, year))
    add(found, plain(read(EXAMPLES / name / "results.yaml").data))
    return found


def span(found: dict[str, str]) -> str:
    return found.get("score") or f"{found['low']}–{found['high']}"


@pytest.mark.parametrize("name", NAMES)
def test_the_pages_show_what_prongsai_score_gives(
    name: str, cast: Cast, client_of: ClientOf, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    from prongsai.cli.main import main

    main(["score", str(EXAMPLES / name / "results.yaml"), "--json"])
    golden = json.loads(capsys.readouterr().out)
    assessment = example(cast, name)
    base = f"/agencies/muang/{assessment.round.slug}/results/"
    client = client_of("officer")
    summary = text(client.get(base))
    overall = golden["overall"]
    assert f"คะแนนรวม {span(overall)} ระดับ" in summary
    for level in overall.get("levels", [overall.get("level")]):
        assert level in summary
    for code, found in golden["components"].items():
        name_of = code.replace(".", " ส่วนที่ ")
        assert re.search(rf"{name_of} \S.*? {re.escape(span(found))} ", summary), code
    indicators = text(client.get(f"{base}indicators/"))
    for code, found in golden["indicators"].items():
        assert re.search(rf"{code} \S+ (IIT|EIT|OIT) {re.escape(span(found))} ", indicators), code
    items = text(client.get(f"{base}items/"))
    for code, found in golden["items"].items():
        known = next(
            (span(one) for one in (found, *found.get("parts", {}).values()) if {"score", "low"} & set(one)), "–"
        )
        assert known in items.split(f" {code} ", 1)[1][:400], code
    for found in (*golden["disagreements"], *golden["unknown"]):
        assert found["message_th"].partition(" (คำนวณตามสมมติฐาน")[0] in summary
    assert "--assume" not in summary


def test_what_kept_it_from_the_next_level_is_said(cast: Cast, client_of: ClientOf) -> None:
    example(cast, "sisaket-2568")
    seen = text(client_of("chief").get("/agencies/muang/2568/results/"))
    assert "สิ่งที่ต้องมีเพื่อไปถึงระดับ ผ่านดี" in seen
    assert "OIT ได้ 83.25 ต้องได้ตั้งแต่ 85.00 ยังขาดอีก 1.75 คะแนน" in seen
    assert "EIT ส่วนที่ 1 ต้องได้ตั้งแต่ 85.00 แต่ยังไม่ทราบคะแนน" in seen
    assert "หากข้อ o27 ได้คะแนนเต็ม คะแนนรวมจะเป็น 96.89 ระดับ ผ่านดี หรือ ผ่าน" in seen
    english = client_of("chief")
    english.cookies["language"] = "en"
    seen = text(english.get("/agencies/muang/2568/results/"))
    assert "OIT is 83.25; 85.00 or more is needed: 1.75 points are missing." in seen
    assert "EIT part 1 must be 85.00 or more; its score is not known" in seen


def test_last_year_stands_beside_and_what_is_not_comparable_is_said(cast: Cast, client_of: ClientOf) -> None:
    example(cast, "bangpla-2567")
    example(cast, "sisaket-2568")
    client = client_of("officer")
    seen = text(client.get("/agencies/muang/2568/results/"))
    assert "ปีก่อน (2567) 87.02 · ต่างกัน (+5.87)" in seen
    assert "เทียบกันโดยตรงไม่ได้:" in seen
    items = text(client.get("/agencies/muang/2568/results/items/"))
    assert "เทียบกับปีก่อนโดยตรงไม่ได้: รวมหลายข้อของปีก่อนเป็นข้อเดียว" in items
    years = text(client.get("/agencies/muang/2568/results/"))
    assert "2567 87.02 ผ่านดี" in years


def test_without_last_year_that_is_said(scored: Cast, client_of: ClientOf) -> None:
    seen = text(client_of("officer").get("/agencies/muang/2568/results/"))
    assert "ยังไม่มีผลของปีก่อนในระบบ" in seen


def test_a_year_whose_framework_does_not_follow_is_not_compared(cast: Cast, client_of: ClientOf) -> None:
    """Two years side by side, but the later framework names no previous one."""
    example(cast, "takbai-2565")
    before = Assessment.objects.create(agency=cast.agency, round=make_round(2564))
    add(before, plain(read(EXAMPLES / "takbai-2565" / "results.yaml").data))  # a file of the wrong year
    seen = text(client_of("officer").get("/agencies/muang/2565/results/"))
    assert "ผลปีก่อนใช้กรอบ ita-2565 แต่ปีก่อนหน้าของ ita-2565 คือ ita-2564" in seen


# --- small groups


def small(cast: Cast, people: int) -> Assessment:
    """The agency's results counted from few answers."""
    found = simulate(Spec(for_year(2568), seed=4, respondents=people, missing=0)).results
    tallies: dict[str, Any] = {}
    verdicts = {}
    for node, tally in found.tallies.items():
        code, _, part = node.partition("@")
        if code.startswith("o"):
            verdicts[code] = next(key for key, count in tally.counts.items() if count)
        elif part:
            tallies.setdefault(code, {})[part] = plain(tally.counts)
        else:
            tallies[code] = plain(tally.counts)
    data = {"agency": {"name": "x"}, "fiscal_year": 2568, "tallies": tallies, "verdicts": verdicts}
    add(cast.assessment, data)
    return cast.assessment


def survey_scores(assessment: Assessment) -> dict[str, str]:
    """The survey's exact scores below the instruments, as they would be written; round ones could be anything's."""
    from prongsai.site.results.sheet import current_sheet

    sheet = current_sheet(assessment)
    assert sheet
    values = [value for value in sheet.values.values() if value.score is not None and value.node.instrument != "OIT"]
    written = {v.node.id: str(shown(v.score)) for v in values if v.node.kind in ("item", "row", "indicator")}
    others = {str(shown(value.score)) for value in values if value.node.kind in ("instrument", "part", "overall")}
    return {node: text for node, text in written.items() if not text.endswith(".00") and text not in others}


def test_small_groups_are_never_shown(cast: Cast, client_of: ClientOf) -> None:
    assessment = small(cast, 7)
    hidden = set(survey_scores(assessment).values())
    assert len(hidden) > 5
    client = client_of("officer")
    base = "/agencies/muang/2568/results/"
    traces = [f"trace/{node}/" for node in ("1", "6", "e1", "EIT.1/e1", "EIT.1/6", "IIT", "EIT", "EIT.1")]
    for page in (*PAGES, *traces):
        seen = set(re.findall(r"\d+\.\d\d", client.get(base + page).content.decode()))
        assert not hidden & seen, page
    assert "ผู้ตอบมีน้อยกว่า 10 คน" in text(client.get(f"{base}trace/i1/"))
    assert "ผู้ตอบมีน้อยกว่า 10 คน" in text(client.get(f"{base}items/"))
    english = client_of("officer")
    english.cookies["language"] = "en"
    assert "Fewer than 10 people answered" in text(english.get(f"{base}trace/i1/"))
    sheets = cells(client.get(f"{base}table.xlsx").content)
    assert not hidden & {f"{cell:.2f}" for row in sheets for cell in row if isinstance(cell, float)}


def test_groups_that_are_large_enough_are_shown_with_their_answers(cast: Cast, client_of: ClientOf) -> None:
    assessment = small(cast, 40)
    seen = text(client_of("officer").get("/agencies/muang/2568/results/trace/i1/"))
    assert survey_scores(assessment)["i1"] in seen
    assert "จำนวนผู้ตอบหรือผลการตรวจรายตัวเลือก" in seen
    assert "มีน้อยกว่า" not in seen


def test_answers_that_are_all_alike_are_not_counted_out(cast: Cast, client_of: ClientOf) -> None:
    tallies = {"i1": {"5": "30"}, "i2": {"5": "20", "3": "10"}}
    add(cast.assessment, {"agency": {"name": "x"}, "fiscal_year": 2568, "tallies": tallies})
    client = client_of("officer")
    assert "ผู้ตอบทุกคนตอบเหมือนกัน" in text(client.get("/agencies/muang/2568/results/trace/i1/"))
    assert "ตัวเลือก 5 20 100" in text(client.get("/agencies/muang/2568/results/trace/i2/"))


# --- the trace


def test_from_a_number_to_its_source_in_two_clicks(cast: Cast, client_of: ClientOf) -> None:
    example(cast, "sisaket-2568")
    client = client_of("officer")
    base = "/agencies/muang/2568/results/"
    assert f'href="{base}trace/overall/"' in client.get(base).content.decode()
    page = client.get(f"{base}trace/overall/")
    seen = text(page)
    assert "(99.10 × 30 + 99.52 × 30 + 83.25 × 40) ÷ 100 = 92.89" in seen
    assert "ยืนยันแล้ว" in seen
    assert "Case 004: analysis report of FY2568 results" in seen
    assert "เอกสารต้นทาง รายงานการวิเคราะห์ผลการประเมินคุณธรรม" in seen
    assert f'href="{base}trace/IIT/"' in page.content.decode()
    assert "ข้อ i1 " in seen  # the whole way down stands folded on the same page
    seen = text(client.get(f"{base}trace/i1/"))
    assert "คะแนนรวม IIT ตัวชี้วัดที่ 1 ข้อ i1" in seen  # the way back up
    assert "ตัวเลขที่ได้รับ: 99.42" in seen


def test_unknown_weights_are_said_and_not_guessed(cast: Cast, client_of: ClientOf) -> None:
    example(cast, "thatalat-2566")
    seen = text(client_of("officer").get("/agencies/muang/2566/results/trace/EIT.1/"))
    assert "27.84–94.51" in seen
    seen = text(client_of("officer").get("/agencies/muang/2566/results/trace/EIT/"))
    assert "ไม่ทราบ" in seen


def test_addresses_of_nodes_are_readable_and_lead_back() -> None:
    converter = NodeConverter()
    for node in ("overall", "EIT.1", "e1@EIT.1", "9.1", "i1.2@EIT.2"):
        address = converter.to_url(node)
        assert "@" not in address
        assert re.fullmatch(NodeConverter.regex, address)
        assert converter.to_python(address) == node


@pytest.mark.parametrize("bad", ["i99", "nothing", "EIT.9/e1", "level/x", "..", "%3Cscript%3E", "i1/i1"])
def test_an_unknown_node_is_not_found(bad: str, scored: Cast, client_of: ClientOf) -> None:
    assert client_of("officer").get(f"/agencies/muang/2568/results/trace/{bad}/").status_code == 404


def test_every_node_has_a_trace(cast: Cast, client_of: ClientOf) -> None:
    from django.urls import reverse

    from prongsai.scoring.structure import structure

    example(cast, "sisaket-2568")
    client = client_of("officer")
    for node in structure(for_year(2568)).nodes:
        assert client.get(reverse("results_trace", args=("muang", "2568", node))).status_code == 200, node


# --- tables


def test_items_are_sorted_and_filtered(cast: Cast, client_of: ClientOf) -> None:
    example(cast, "sisaket-2568")
    client = client_of("officer")
    base = "/agencies/muang/2568/results/items/"

    def codes(asked: str) -> list[str]:
        return re.findall(r'results/trace/(?:EIT\.\d/)?([ieo]\d+)/"', client.get(base + asked).content.decode())

    assert codes("?sort=score")[:3] == ["o6", "o15", "o27"]
    assert codes("?sort=-score")[-3:] == ["o6", "o15", "o27"]
    assert {code[0] for code in codes("?instrument=IIT")} == {"i"}
    assert codes("?indicator=8") == ["e7", "e8", "e9"]
    weak = codes("?only=weak")
    assert "o6" in weak
    assert "i3" not in weak
    assert codes("?instrument=XXX") == []
    assert "ไม่มีข้อตามตัวกรองนี้" in text(client.get(f"{base}?instrument=XXX"))
    assert len(codes("?sort=nonsense&page=9")) == 52
    assert 'aria-sort="ascending"' in client.get(f"{base}?sort=score").content.decode()


def test_weak_ones_are_marked_in_words(cast: Cast, client_of: ClientOf) -> None:
    example(cast, "sisaket-2568")
    seen = text(client_of("officer").get("/agencies/muang/2568/results/items/"))
    assert re.search(r"o6 .{5,150}? 0\.00 – – ✗ ไม่ผ่าน", seen)
    indicators = text(client_of("officer").get("/agencies/muang/2568/results/indicators/"))
    assert re.search(r"10 การป้องกันการทุจริต OIT 80\.00 – – ▼ ต่ำกว่า 85", indicators)


def test_charts_are_also_tables_and_hold_no_inline_style(cast: Cast, client_of: ClientOf) -> None:
    example(cast, "bangpla-2567")
    example(cast, "sisaket-2568")
    page = client_of("officer").get("/agencies/muang/2568/results/").content.decode()
    assert page.count("<figure") == page.count("<figcaption") == 2
    for figure in page.split("</figure>")[:-1]:
        assert 'role="img"' in figure
    for after in page.split("</figure>")[1:]:
        assert after.index("<table") < 600
    assert not re.search(r"\sstyle=|\son\w+=", page)


def cells(data: bytes) -> list[list[Any]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]


def test_the_full_table_can_be_taken_away(cast: Cast, client_of: ClientOf) -> None:
    example(cast, "sisaket-2568")
    response = client_of("assessor").get("/agencies/muang/2568/results/table.xlsx")
    assert "results-muang-2568.xlsx" in response["Content-Disposition"]
    rows = cells(response.content)
    found = {row[0]: row for row in rows if row and row[0] in ("i12", "o6", "10", "คะแนนรวม")}
    assert found["i12"][3] == 96.42
    assert found["o6"][3] == 0
    assert found["o6"][7] == "✗ ไม่ผ่าน"
    assert found["10"][3] == 80
    assert found["คะแนนรวม"][2] == 92.89


# --- sources, findings, uncertainty


def test_findings_of_an_imported_report_and_its_file_stand_beside(cast: Cast, client_of: ClientOf) -> None:
    stored = keep(Received("รายงาน.pdf", "pdf", b"%PDF-1.7 test"), cast.agency, cast.officer)
    finding = {
        "rule": "mean.indicator", "severity": "error", "confidence": "confirmed",
        "message_th": "ตัวชี้วัดที่ 1 พิมพ์ไว้ 88.28", "message_en": "Indicator 1 is printed 88.28",
        "where": ["หน้า 4"], "printed": ["88.28"], "computed": "98.28",
        "repair": {
            "1": {"from": ["88.28"], "to": "98.28", "decided": True, "glyphs": [], "evidence": []},
            "2": {"from": ["9.1"], "to": None, "decided": False,
                  "candidates": [{"value": "91.00", "share": 0.6}, {"value": None, "share": 0.1},
                                 {"value": "9.10", "share": 0.3}]},
        },
    }  # fmt: skip
    data = plain(read(EXAMPLES / "sisaket-2568" / "results.yaml").data)
    add(cast.assessment, data, source=Source.REPORT, file=stored, findings=[finding], by=cast.officer)
    seen = text(client_of("officer").get("/agencies/muang/2568/results/"))
    found = "ผิดพลาด ตัวชี้วัดที่ 1 พิมพ์ไว้ 88.28 mean.indicator · หน้า 4 · กติกา: ยืนยันแล้ว 88.28 98.28"
    fixed = "ตัวชี้วัดที่ 1: 88.28 ควรเป็น 98.28; ตัวชี้วัดที่ 2: 9.1 น่าสงสัย อาจเป็น 91.00 หรือ 9.10 โปรดดูต้นฉบับ"
    assert f"{found} {fixed}" in seen
    assert f"รายงาน.pdf SHA-256 {stored.sha256}" in seen
    assert "อ่านจากรายงานที่เผยแพร่" in seen
    page = client_of("officer").get("/agencies/muang/2568/results/").content.decode()
    assert f'href="/files/{stored.pk}/"' in page
    outside = client_of("assessor").get("/agencies/muang/2568/results/").content.decode()
    assert f'href="/files/{stored.pk}/"' not in outside  # who may not have the file gets no link to it


def test_only_the_newest_revision_counts(cast: Cast, client_of: ClientOf) -> None:
    give_results(cast.assessment)
    example(cast, "sisaket-2568")
    seen = text(client_of("officer").get("/agencies/muang/2568/results/"))
    assert "92.89" in seen
    assert "ฉบับที่ 2" in seen


def test_uncertainty_is_shown_where_answer_sheets_are_known(tmp_path: Path, db: None) -> None:
    made = simulate(Spec(for_year(2568), seed=2)).write(tmp_path)
    sheet = score(load_results(made))
    rows, missing = uncertainty_of(YearResult(Assessment(), Result(), sheet))
    assert {"IIT", "EIT.1", "1"} <= {row.node for row in rows}
    assert missing == ""
    assert all(re.fullmatch(r"\d+\.\d\d–\d+\.\d\d", row.interval) for row in rows if row.node == "IIT")


def test_without_answer_sheets_that_is_said(scored: Cast, client_of: ClientOf) -> None:
    seen = text(client_of("officer").get("/agencies/muang/2568/results/"))
    assert "ไม่มีคำตอบรายชุด จึงบอกค่าคลาดเคลื่อนและช่วงความเชื่อมั่นไม่ได้" in seen


# --- before results, queries, languages


def test_before_any_results_the_page_says_what_to_do(cast: Cast, client_of: ClientOf) -> None:
    for page in ("", "indicators/", "items/", "aspects/"):
        response = client_of("officer").get(f"/agencies/muang/2568/results/{page}")
        assert "ยังไม่มีผลการประเมินของปีนี้" in text(response)
        assert 'href="/agencies/muang/2568/import/"' in response.content.decode()
        assert "สอบถาม: สำนักงานตัวอย่าง" in text(response)
    assert (
        'href="/agencies/muang/2568/import/"'
        not in client_of("chief").get("/agencies/muang/2568/results/").content.decode()
    )
    assert client_of("officer").get("/agencies/muang/2568/results/trace/overall/").status_code == 404
    assert client_of("officer").get("/agencies/muang/2568/results/table.xlsx").status_code == 404


@pytest.mark.parametrize("page", [*PAGES, "table.xlsx"])
def test_no_page_asks_more_than_twenty_queries(
    page: str, cast: Cast, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    for name in NAMES:
        example(cast, name)
    client = client_of("officer")
    with django_assert_max_num_queries(20):
        assert client.get(f"/agencies/muang/2568/results/{page}").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_every_page_speaks_english(page: str, cast: Cast, client_of: ClientOf) -> None:
    for name in NAMES:
        example(cast, name)
    client = client_of("officer")
    client.cookies["language"] = "en"
    body = client.get(f"/agencies/muang/2568/results/{page}").content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    # What stays Thai in English is data: titles and official terms, marked as Thai, and names.
    rest = re.sub(r'<(\w+)[^>]*lang="th"[^>]*>.*?</\1>', "", main, flags=re.S)
    for word in ("คะแนน", "ปีก่อน", "ที่มา", "น้ำหนัก", "ไม่ทราบ", "ตัวชี้วัด"):
        assert word not in re.sub(r"<[^>]+>", " ", rest), word
