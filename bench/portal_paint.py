"""What a browser sees of the portal's pages over a slow line: bytes, largest paint, layout shift.

Chromium with an empty cache for every page, its line slowed as its own developer tools name "Slow 3G" (400 kbit/s both
ways and 400 ms there and back); the site is served as ``prongsai serve`` does.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

from portal_site import PORT, environment_of, listed

PAGES = ("home", "search", "agency", "groups", "compare", "method", "data", "nation")
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
TURNS = 3
WATCH = """
window.seen = {paint: 0, shift: 0};
const watch = (type, take) =>
  new PerformanceObserver(list => list.getEntries().forEach(take)).observe({type, buffered: true});
watch("largest-contentful-paint", one => { seen.paint = one.startTime; });
watch("layout-shift", one => { seen.shift += one.hadRecentInput ? 0 : one.value; });
"""
REACH = {"kB": 100, "paint_ms": 1500, "shift": 0}


def measure(agencies: int) -> dict[str, Any]:
    """Every page on a phone's screen; medians of a few visits. Says so where there is no Chromium."""
    from playwright.sync_api import sync_playwright

    from survey import Server

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        return {"pages": {}, "reach": REACH, "skipped": "no Chromium on this machine"}
    environment = environment_of(agencies)
    pages, found = listed(environment), {}
    serve = [str(Path(sys.executable).with_name("prongsai")), "serve", "--alone", "--port", str(PORT)]
    with Server(serve, PORT, environment), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        for name in PAGES:
            visits = [visit(browser, f"http://localhost:{PORT}{pages[name]}") for _ in range(TURNS)]
            found[name] = {key: round(statistics.median(one[key] for one in visits), 3) for key in REACH}
        browser.close()
    return {"pages": found, "reach": REACH}


def visit(browser: Any, address: str) -> dict[str, float]:
    """One first visit."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=2)
    page = context.new_page()
    protocol, sizes = context.new_cdp_session(page), []
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", SLOW)
    protocol.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load", timeout=60_000)
    page.wait_for_timeout(500)
    seen = page.evaluate("() => window.seen")
    context.close()
    return {"kB": sum(sizes) / 1000, "paint_ms": seen["paint"], "shift": seen["shift"]}
