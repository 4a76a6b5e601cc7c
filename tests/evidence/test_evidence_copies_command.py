"""``prongsai oit copies``: what was kept, verified, and written out for other tools."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from evidence_world import FILLER, World, fetch, page
from test_evidence_copies import PNG, keep

from prongsai.cli.main import main
from prongsai.evidence.preserve.copies import Copies, Picture


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    copies = Copies(tmp_path / "copies")
    keep(copies, fetch(world.serve("/a", page(FILLER))), Picture(PNG))
    keep(copies, fetch(world.url("/none")))
    return tmp_path / "copies"


def test_all_copies_are_listed_and_verified(folder: Path, world: World, capsys) -> None:
    assert main(["oit", "copies", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "สำเนา 2 รายการ ตรวจสอบครบทุกส่วน เสียหาย 0 รายการ" in out
    assert main(["oit", "copies", str(folder), "--json", "--url", world.url("/a")]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [(one["url"], one["status"]) for one in data["copies"]] == [(world.url("/a"), 200)]


def test_a_damaged_copy_is_told(folder: Path, capsys) -> None:
    for path in (folder / "store").rglob("*"):
        if path.is_file() and b"WARC/1.1" in path.read_bytes()[:2000]:
            path.write_bytes(path.read_bytes() + b" ")
    for path in (folder / "store").rglob("*"):
        if path.is_file() and path.read_bytes()[:2] == b"\x1f\x8b":
            path.write_bytes(path.read_bytes()[:-1])
    assert main(["oit", "copies", str(folder), "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["damaged"] == 2
    assert {one["damaged"] for one in data["copies"]} == {"สำเนาที่เก็บไว้ถูกเปลี่ยนแปลงหรือเสียหาย"}


def test_a_copy_is_written_out(folder: Path, world: World, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["oit", "copies", str(folder), "--url", world.url("/a"), "-o", str(out)]) == 0
    assert sorted(path.suffix for path in out.iterdir()) == [".gz", ".json", ".png", ".txt"]
    assert next(out.glob("*.png")).read_bytes() == PNG


def test_a_folder_without_copies(tmp_path: Path, capsys) -> None:
    assert main(["oit", "copies", str(tmp_path)]) == 2
    assert "ไม่พบสำเนาในโฟลเดอร์นี้" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
