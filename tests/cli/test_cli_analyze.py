from __future__ import annotations

from prongsai.framework import for_year
from result_sample import options

KEYS = {
    "agency",
    "fiscal_year",
    "framework",
    "overall",
    "thresholds",
    "ranking",
    "strengths",
    "weaknesses",
    "below_threshold",
    "by_component",
    "by_aspect",
    "trend",
    "next_level",
    "uncertainty",
    "implied_respondents",
    "disagreements",
}


def test_shape(prongsai, files) -> None:
    run = prongsai("analyze", files / "results.yaml", "--json")
    assert run.status == 0
    data = run.json
    assert set(data) == KEYS
    assert data["trend"] is None
    assert data["below_threshold"] == {"indicators": ["4"], "items": ["o11", "i10"]}
    assert data["ranking"]["indicators"][0] == {"node": "9", "title": "การเปิดเผยข้อมูล", "score": "95.00"}
    weakness = next(one for one in data["weaknesses"] if one["node"] == "o11")
    assert {"kind", "node", "score", "threshold", "theme", "causes", "advice", "oit"} <= set(weakness)
    assert (weakness["kind"], weakness["score"]) == ("failed", "0.00")
    assert "sheets" in data["uncertainty"]["message_th"]
    assert data["next_level"]["level"]


def test_thresholds_are_apart_and_may_be_thai(prongsai, files) -> None:
    run = prongsai("analyze", files / "results.yaml", "--json", "--indicator-threshold", "๘๐", "--item-threshold", "90")
    assert run.json["thresholds"] == {"indicator": "80.00", "item": "90.00"}
    assert run.json["below_threshold"]["indicators"] == []
    assert "i1" in run.json["below_threshold"]["items"]
    bad = prongsai("analyze", files / "results.yaml", "--item-threshold", "สูง", "--json")
    assert (bad.status, bad.json["errors"][0]["code"]) == (2, "option.score")


def test_trend_over_comparable_items(prongsai, files) -> None:
    run = prongsai("analyze", files / "results.yaml", "--previous", files / "previous.yaml", "--json")
    items = {change["node"]: change for change in run.json["trend"]["items"]}
    assert items["i1"]["difference"] == "10.00"
    wrong = prongsai("analyze", files / "previous.yaml", "--previous", files / "results.yaml")
    assert wrong.status == 2
    assert "ปีก่อนหน้า" in wrong.err


def test_for_people(prongsai, files) -> None:
    run = prongsai("analyze", files / "results.yaml", "--previous", files / "previous.yaml")
    assert run.status == 0
    for text in ("จุดอ่อนหรือข้อบกพร่อง", "จุดแข็ง", "ระดับถัดไป", "เทียบกับปีงบประมาณ พ.ศ. 2567", "+10.00"):
        assert text in run.out
    assert "ขัดกัน" in run.err


def test_sheets_give_intervals(prongsai, tmp_path) -> None:
    codes = [f"i{number}" for number in range(1, 16)]
    best = [options(for_year(2568), code)[0] for code in codes]
    next_best = [options(for_year(2568), code)[1] for code in codes]
    lines = [codes, *[best] * 30, *[next_best] * 10]
    (tmp_path / "iit.csv").write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")
    path = tmp_path / "results.yaml"
    text = "agency: {name: x}\nfiscal_year: 2568\nsheets: {IIT: iit.csv}\npopulation: {IIT: 100}\n"
    path.write_text(text, encoding="utf-8")
    data = prongsai("analyze", path, "--json").json
    measured = data["uncertainty"]["scores"]["IIT"]
    assert measured["sheets"] == 40
    assert float(measured["low"]) < float(measured["score"]) < float(measured["high"])
    assert "EIT.1" in data["uncertainty"]["message_th"]
    assert "ช่วงความเชื่อมั่น" in prongsai("analyze", path).out
