"""An agency's own folder in a real browser: axe finds nothing, nothing sticks out at 320 px, no script is needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from screens import judged

from prongsai.improvement.files import read_progress
from prongsai.publishing.agency.model import Approval, Yearbook
from prongsai.publishing.agency.write import write
from prongsai.scoring.results import load_results
from prongsai.scoring.score import score

EXAMPLE = Path(__file__).parents[2] / "examples" / "thatalat-2566"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    day = dt.date(2026, 11, 21)
    book = Yearbook(
        score(load_results(EXAMPLE / "results.yaml")),
        day,
        "sao",
        progress=read_progress(EXAMPLE / "progress.yaml"),
        approvals=(Approval("นายกองค์การบริหารส่วนตำบล", day=day),),
    )
    folder = write(book, tmp_path_factory.mktemp("site") / "ita", [])
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["index.html", "en.html", "embed/summary.html"])
@pytest.mark.parametrize("width", [1280, 320])
def test_page(browser: Any, axe: str, address: str, name: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/{name}")
    size = page.evaluate("performance.getEntries().reduce((sum, one) => sum + (one.transferSize || 0), 0)")
    assert size <= 100_000, "the first page stays below 100 KB"
    assert all(url.startswith(address) for url in asked)
    found = judged(page, axe)
    context.close()
    assert found == []
