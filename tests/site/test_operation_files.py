"""The files that operators copy: units, board, alerts and container file hold together with the code."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from prongsai.site.env import ELSEWHERE, Environment, variable
from prongsai.site.operation.metrics import observe, page

FOLDER = Path(__file__).parents[2] / "docs" / "operations"
UNITS = sorted(FOLDER.glob("*.service")) + sorted(FOLDER.glob("*.timer"))
COMMANDS = {"serve", "backup", "work", "mix"}


def unit(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=True, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(path, encoding="utf-8")
    return read


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_is_whole_and_confined(path: Path) -> None:
    read = unit(path)
    assert read["Unit"]["Description"].startswith("Prongsai")
    if path.suffix == ".timer":
        assert read["Timer"]["OnCalendar"]
        return
    service = read["Service"]
    assert service["User"].startswith("prongsai")
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert service["EnvironmentFile"].startswith("/etc/prongsai/")
    assert any(f" {command}" in service["ExecStart"] for command in COMMANDS)


def test_the_mixers_public_keys_can_be_read_by_the_site() -> None:
    assert unit(FOLDER / "prongsai-mix.service")["Service"]["UMask"] == "0027"
    assert unit(FOLDER / "prongsai-mix.service")["Service"]["Group"] == "prongsai"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for path in UNITS:  # what they start is not installed here
        text = re.sub(r"(?m)^(Exec\w+)=.*$", r"\1=/bin/true", path.read_text(encoding="utf-8"))
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "prongsai" in line.lower()]
    assert (done.returncode, said) == (0, [])


def test_the_environment_file_names_only_settings_that_there_are() -> None:
    known = {*map(variable, Environment.model_fields), *ELSEWHERE}
    text = (FOLDER / "prongsai.env").read_text(encoding="utf-8")
    named = {name.removesuffix("_FILE") for name in re.findall(r"\b(PRONGSAI_\w+|DATABASE_URL)=", text)}
    assert {"PRONGSAI_DATA", "PRONGSAI_KEYS"} <= named <= known


@pytest.mark.django_db
def test_board_and_alerts_ask_for_metrics_that_there_are() -> None:
    observe("office", "5xx", 0.1)
    given = set(re.findall(r"(?m)^(prongsai_\w+?)(?:\{| )", page().decode())) | {"up"}
    board = json.loads((FOLDER / "grafana.json").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"]) >= 10
    rules = yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    guide = (FOLDER.parent / "operations.md").read_text(encoding="utf-8")
    assert "When something breaks" in guide
    asked += [rule["expr"] for rule in rules]
    named = {name for expression in asked for name in re.findall(r"\b(?:prongsai_\w+|up)\b", expression)}
    assert named - given == set()
    shown = {name.removesuffix("_bucket").removesuffix("_total") for name in named}
    every = {re.sub(r"_(bucket|count|sum|total|created)$", "", name) for name in given}
    assert every - shown == set(), "a metric that nobody looks at"
    yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))


def test_the_container_file_fetches_nothing_unseen_and_is_no_root() -> None:
    text = (FOLDER / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    known = {"ARG", "FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}
    assert {name for name, _ in lines} <= known
    assert [rest for name, rest in lines if name == "USER"][-1] != "root"
    assert not re.search(r"\b(curl|wget|ADD)\b", text)
    assert all("--require-hashes" in rest or "--no-deps" in rest for _, rest in lines if "pip install" in rest)
    for source in re.findall(r"(?m)^COPY (.+)$", text):
        for name in source.split()[:-1]:
            assert (FOLDER.parents[1] / name).exists(), name
    assert "never built" in (FOLDER / "Containerfile").read_text(encoding="utf-8")
