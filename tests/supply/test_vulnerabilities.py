"""An audit that could ask nobody is not a clean one."""

from __future__ import annotations

import json
from pathlib import Path

import audit
import pytest
from audit import BAD, FINE, UNKNOWN, judged

CLEAN = {"name": "a", "version": "1", "vulns": []}
WEAK = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ([CLEAN], FINE),
        ([CLEAN, WEAK], BAD),
        ([CLEAN, SKIPPED], UNKNOWN),
        ([SKIPPED], UNKNOWN),
        ([WEAK, SKIPPED], BAD),
        ([], UNKNOWN),
    ],
)
def test_what_was_not_asked_about_is_not_passed_over(found: list[dict[str, object]], status: int) -> None:
    assert judged({"dependencies": found}).status == status


def test_what_is_known_is_told_with_its_mending() -> None:
    assert judged({"dependencies": [WEAK]}).bad == {"b 2": ["PYSEC-1 (mended in 2.1)"]}


def test_a_service_that_is_away_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for pip-audit, as it ends where it cannot reach anybody, and as it ends where it is asked."""
    program = tmp_path / "pip-audit"
    program.write_text(
        "#!/bin/sh\necho 'ConnectionError: https://example.test/v1 away' >&2\nexit 1\n", encoding="utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setattr(audit, "BIN", tmp_path)
    answer = audit.audited(tmp_path / "all.txt")
    assert (answer.status, answer.unknown) == (UNKNOWN, {"all.txt": "ConnectionError: … away"})
    program.write_text(f"#!/bin/sh\necho '{json.dumps({'dependencies': [CLEAN]})}'\n", encoding="utf-8")
    assert audit.audited(tmp_path / "all.txt").status == FINE
    monkeypatch.setattr(audit, "BIN", tmp_path / "nowhere")
    assert audit.audited(tmp_path / "all.txt").status == UNKNOWN
