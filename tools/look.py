"""Pictures of pages, to look at: ``python tools/look.py --as officer --out build/look /agencies/muang/2568/ …``

Fills a throw-away database with the cast of the tests (results and plan included), serves it, and takes each page at
desktop and phone width. ``--english`` asks for English; ``--script FILE`` first runs ``prepare(cast)`` of a file.
"""

from __future__ import annotations

import argparse
import os
import runpy
import sys
import tempfile
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "site"))
os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"
DATA = tempfile.TemporaryDirectory(prefix="prongsai-look-")
os.environ["PRONGSAI_DATA"] = DATA.name
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver runs an event loop in this thread
WIDTHS = {"desktop": (1280, 900), "phone": (360, 780)}


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="+")
    parser.add_argument("--as", dest="member", default="officer")
    parser.add_argument("--out", type=Path, default=Path("build/look"))
    parser.add_argument("--english", action="store_true")
    parser.add_argument("--script", type=Path)
    asked = parser.parse_args()

    import django

    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.test import Client

    call_command("migrate", verbosity=0)
    from cast import give_plan, give_results, make_cast

    cast = make_cast()
    give_results(cast.assessment)
    cast.extra["plan"] = give_plan(cast.assessment)
    if asked.script:
        runpy.run_path(str(asked.script))["prepare"](cast)
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    cookies = [{"name": "language", "value": "en", "url": base}] if asked.english else []
    if asked.member != "nobody":
        client = Client()
        client.force_login(cast.people[asked.member], backend="allauth.account.auth_backends.AuthenticationBackend")
        cookies.append({"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base})
    asked.out.mkdir(parents=True, exist_ok=True)

    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width, (x, y) in WIDTHS.items():
            context = browser.new_context(viewport={"width": x, "height": y})
            context.add_cookies(cookies)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(f"{base}/results/", wait_until="networkidle")  # a face that is not here yet is not waited for
            page.on("console", lambda m: print("console:", m.text) if m.type in ("error", "warning") else None)
            for path in asked.pages:
                answer = page.goto(base + path)
                name = path.strip("/").replace("/", "-") or "home"
                target = asked.out / f"{name}-{asked.member}-{width}{'-en' if asked.english else ''}.png"
                page.screenshot(path=target, full_page=True)
                wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                note = f", {wide} px wider than the screen" if wide > 0 else ""
                print(f"{answer.status if answer else '?'} {path} -> {target}{note}")
        browser.close()


if __name__ == "__main__":
    main()
