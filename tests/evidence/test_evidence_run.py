"""``prongsai oit check`` from the table to the exit status, on the little web of the tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from evidence_world import FILLER, QUICK, World, open_network, page

from prongsai.cli import oit
from prongsai.cli.main import main
from prongsai.evidence.fetch import Fetcher
from prongsai.evidence.run import _by_turns


@pytest.fixture
def check(tmp_path: Path, monkeypatch, capsys) -> Callable[..., tuple[int, str, str]]:
    """Runs the command; only here it is given a network in which loopback may be reached."""
    monkeypatch.setattr(oit, "Fetcher", lambda: Fetcher(QUICK, open_network()))

    def run(rows: list[str], *options: object) -> tuple[int, str, str]:
        table = tmp_path / "links.csv"
        table.write_text("item,url,effective date,note\n" + "\n".join(rows) + "\n", encoding="utf-8")
        status = main(["oit", "check", str(table), "--fiscal-year", "๒๕๖๙", *map(str, options)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


GOOD = page(FILLER + "แผนผังโครงสร้าง 2569")


def test_a_table_for_people(check, world: World) -> None:
    good = world.serve("/a/1", GOOD)
    status, out, err = check([f"๐๑,{good},,", f"o2,{world.url('/none')},,"], "--site", "www.example.test")
    assert status == 1
    assert "ไม่พบหน้านี้ (รหัส 404)" in out
    assert "o1 โครงสร้าง หน้าที่และอำนาจ" in out
    assert "ข้อที่ยังไม่มีลิงก์: o3, o4" in out
    assert "ผู้ตรวจประเมินเป็นผู้วินิจฉัย" in out
    assert "reachable.opens" not in out
    assert "\x1b" not in out + err


def test_status_is_fine_where_nothing_is_wrong(check, world: World) -> None:
    status, out, _ = check([f"o1,{world.serve('/a/1', GOOD)},,"], "--verbose")
    assert status == 0
    assert "reachable.opens" in out


def test_json(check, world: World) -> None:
    good = world.serve("/a/1", GOOD)
    status, out, _ = check([f"o1,{good},15/01/2569,ทดสอบ", "o2,ftp://www.example.test/,,"], "--json")
    data = json.loads(out)
    assert status == 1
    assert data["counts"]["error"] == 1
    assert data["framework"] == "ita-2569"
    assert [link["item"] for link in data["links"]] == ["o1", "o2"]
    assert data["links"][0]["effective_date"] == "2026-01-15"
    assert len(data["links"][0]["sha256"]) == 64
    assert data["links"][1]["findings"][0]["code"] == "reachable.url_scheme"
    assert set(data["links"][0]["findings"][0]) == {"code", "severity", "th", "en"}


def test_last_years_results(check, world: World, tmp_path: Path) -> None:
    rows = [f"o1,{world.serve('/a/1', GOOD)},,"]
    before = tmp_path / "before.json"
    before.write_text(check(rows, "--json")[1], encoding="utf-8")
    found = json.loads(check(rows, "--json", "--previous", before)[1])["links"][0]["findings"]
    assert "same.as_last_year" in [one["code"] for one in found]


def test_one_link_for_several_items_is_fetched_once(check, world: World) -> None:
    url = world.serve("/a/1", GOOD)
    _, out, _ = check([f"o{number},{url},," for number in (1, 2, 3)], "--json")
    assert len(json.loads(out)["links"]) == 3
    assert len(world.asked) == 1


def test_resume_after_a_sudden_end(check, world: World, tmp_path: Path) -> None:
    """Cut off in the middle of writing: what was whole is not fetched again, the torn line is."""
    rows = [f"o{number},{world.serve(f'/a/{number}', GOOD)},," for number in range(1, 6)]
    kept = tmp_path / "kept.jsonl"
    status, whole, _ = check(rows, "--json", "--resume", kept)
    raw = kept.read_bytes()
    assert len(raw.splitlines()) == 6
    cut = raw.splitlines(keepends=True)
    kept.write_bytes(b"".join(cut[:3]) + cut[3][:40])
    world.asked.clear()
    again = check(rows, "--json", "--resume", kept)
    assert len(world.asked) == 3
    assert again[0] == status
    assert "ทำไว้แล้ว 2 ลิงก์" in again[2]
    strip = [{k: v for k, v in link.items() if k != "checked_at"} for link in json.loads(whole)["links"]]
    assert [{k: v for k, v in link.items() if k != "checked_at"} for link in json.loads(again[1])["links"]] == strip
    world.asked.clear()
    check(rows, "--json", "--resume", kept)
    assert world.asked == []


def test_results_are_kept_as_they_come(check, world: World, tmp_path: Path, monkeypatch) -> None:
    """An interrupted run keeps all that was done until then."""
    rows = [f"o{number},{world.serve(f'/a/{number}', GOOD)},," for number in range(1, 6)]
    kept, real, count = tmp_path / "kept.jsonl", oit.Kept.add, []

    def add(self: Any, results: Any) -> None:
        real(self, results)
        count.append(results)
        if len(count) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(oit.Kept, "add", add)
    assert check(rows, "--resume", kept)[0] == 130
    monkeypatch.setattr(oit.Kept, "add", real)
    assert len(kept.read_bytes().splitlines()) >= 3
    assert check(rows, "--resume", kept)[0] == 0


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--site", "not a host"], "ไม่ใช่ชื่อเว็บไซต์"),
        (["--previous", "none.json"], "อ่านผลการตรวจของปีก่อนไม่ได้"),
        (["--resume", "."], "เปิดหรือเขียนไฟล์ไม่ได้"),
        (["--resume", "links.csv"], "ไม่ใช่ไฟล์ที่เก็บผลการตรวจ"),
    ],
)
def test_what_cannot_be_used(check, world: World, tmp_path: Path, monkeypatch, options, word: str) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = check([f"o1,{world.serve('/a', GOOD)},,"], *options)
    assert (status, out) == (2, "")
    assert word in err
    assert world.asked == []


def test_kept_results_of_other_settings_are_refused(check, world: World, tmp_path: Path) -> None:
    rows, kept = [f"o1,{world.serve('/a', GOOD)},,"], tmp_path / "kept.jsonl"
    check(rows, "--resume", kept)
    before = kept.read_bytes()
    assert check(rows, "--resume", kept, "--site", "a.example.test")[0] == 2
    assert kept.read_bytes() == before


def test_a_bad_table_is_told_line_by_line(check) -> None:
    status, _, err = check(["o99,https://www.example.test/,,", "o1,,,"])
    assert status == 2
    assert "links.csv:2" in err
    assert "links.csv:3" in err


def test_hosts_take_turns() -> None:
    urls = ["http://a/1", "http://a/2", "http://a/3", "http://b/1", "nonsense", "broken"]
    assert list(_by_turns(urls)) == ["http://a/1", "http://b/1", "nonsense", "http://a/2", "broken", "http://a/3"]
