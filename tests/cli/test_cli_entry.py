from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from prongsai import __version__
from prongsai.cli import app as app_module
from prongsai.cli import main as entry

SCRIPT = [sys.executable, "-c", "from prongsai.cli.main import run; run()"]


def shell(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SCRIPT, *(str(argument) for argument in arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        check=False,
    )


def test_really_run(files) -> None:
    assert shell("score", files / "previous.yaml").returncode == 0
    wrong = shell("score", files / "contradiction.yaml", NO_COLOR="1", FORCE_COLOR="1", COLUMNS="200")
    assert wrong.returncode == 1
    assert "\x1b[3" not in wrong.stdout
    bad = shell("score", files / "none.yaml", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert "ไม่พบไฟล์" in bad.stderr


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from prongsai.cli.main import main; main(['--help']);"
        "print([name for name in ('pydantic', 'yaml', 'rich', 'cyclopts') if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert run.stderr.strip() == "[]"


def test_front_page_names_every_command_that_there_is(prongsai) -> None:
    run = prongsai("--help")
    assert run.status == 0
    assert prongsai().out == run.out == prongsai("-h").out
    for name in app_module.build().resolved_commands():
        assert name in run.out


def test_version(prongsai) -> None:
    assert prongsai("--version").out.strip() == __version__


@pytest.mark.parametrize(
    ("arguments", "th"),
    [
        (["scor", "x"], "ไม่รู้จักคำสั่ง “scor”"),
        (["score"], "ยังไม่ได้ระบุ FILE"),
        (["score", "x", "--jsn"], "ไม่รู้จักตัวเลือก “--jsn”"),
        (["explain", "x", "i1", "--depth", "มาก"], "ค่า “มาก” ของ --depth ใช้ไม่ได้"),
        (["schema", "nothing"], "โปรดเลือกจาก results, plan, progress, framework"),
        (["schema", "plan", "plan"], "มีคำเกินมา"),
    ],
)
def test_a_wrong_command_line_is_answered_in_thai(prongsai, arguments, th) -> None:
    run = prongsai(*arguments)
    assert (run.status, run.out) == (2, "")
    assert th in run.err
    assert "--help" in run.err


def test_wrong_command_line_as_json(prongsai) -> None:
    run = prongsai("score", "--json")
    assert (run.status, run.err) == (2, "")
    assert set(run.json["errors"][0]) == {"code", "where", "message_th", "message_en", "next_th"}


def test_interrupted(prongsai, files, monkeypatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("prongsai.cli.score.sheet_of", interrupt)
    assert prongsai("score", files / "results.yaml").status == 130


def test_a_fault_is_told_without_a_traceback(prongsai, files, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("prongsai.cli.score.sheet_of", fail)
    run = prongsai("score", files / "results.yaml")
    assert run.status == 70
    assert "Traceback" not in run.err
    assert "CONTRIBUTING.md" in run.err
    monkeypatch.setenv("PRONGSAI_DEBUG", "1")
    assert "Traceback" in prongsai("score", files / "results.yaml").err


def test_a_library_that_is_not_installed_is_named(prongsai, files, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    run = prongsai("template", files / "x.xlsx", "--fiscal-year", "2568")
    assert run.status == 2
    assert "xlsxwriter" in run.err
    assert "make install" in run.err
    assert not (files / "x.xlsx").exists()


def test_closed_pipe(files) -> None:
    command = " ".join([*map(_quoted, SCRIPT), "framework", "list", "|", "head", "-1", ">", os.devnull])
    run = subprocess.run(["sh", "-c", command], capture_output=True, encoding="utf-8", check=False)
    assert "Traceback" not in run.stderr
    assert "ขัดข้อง" not in run.stderr


def _quoted(text: str) -> str:
    return f"'{text}'"


def test_completion_can_be_installed(prongsai, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    out = tmp_path / "complete.bash"
    assert prongsai("--install-completion", "--shell", "bash", "--output", out).status == 0
    assert "analyze" in out.read_text(encoding="utf-8")


def test_entry_point_is_run() -> None:
    assert callable(entry.run)
