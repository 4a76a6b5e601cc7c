"""The examples of the API's page, run as they are shown: curl, Python and R against a server of the test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from published import Published

from prongsai.site.api.examples import EXAMPLES, LANGUAGES


def _curl(text: str) -> list[str]:
    return ["sh", "-e", "-c", text]


def _python(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def _r(text: str) -> list[str]:
    return ["Rscript", "-e", text]


RUN: dict[str, tuple[str, Callable[[str], list[str]]]] = {
    "curl": ("curl", _curl),
    "python": (sys.executable, _python),
    "r": ("Rscript", _r),
}


@pytest.fixture
def address(published: Published, live_server: Any, settings: Any) -> str:
    settings.SITE_ADDRESS = live_server.url
    return str(live_server.url)


@pytest.mark.django_db(transaction=True)
def test_every_example_runs(address: str, published: Published, tmp_path: Path) -> None:
    """In one test, since laying what is published into a database that is not rolled back costs most of it."""
    left_out = []
    for example in EXAMPLES:
        for language, text in example.written(f"{address}/api/v1", "sim-05", "2568").items():
            program, command = RUN[language]
            if shutil.which(program) is None or (language == "r" and not _has_packages()):
                left_out.append(f"{example.key} in {LANGUAGES[language]}")
                continue
            done = subprocess.run(
                command(text), cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
                env={**os.environ, "no_proxy": "*"},
            )  # fmt: skip
            assert done.returncode == 0, f"{example.key} in {language}\n{text}\n{done.stderr[-2000:]}"
            assert SHOWS[example.key] in done.stdout, f"{example.key} in {language} shows\n{done.stdout[:2000]}"
    if left_out:
        warnings.warn(f"not run, a program is missing: {', '.join(left_out)}", stacklevel=1)


# What each example shows, whatever the language.
SHOWS = {"search": "2568", "scores": "overall", "pages": "agencies", "files": "", "news": ""}


@cache
def _has_packages() -> bool:
    asked = 'quit(status = !all(sapply(c("jsonlite", "httr2"), requireNamespace, quietly = TRUE)))'
    return subprocess.run(["Rscript", "-e", asked], check=False, capture_output=True).returncode == 0
