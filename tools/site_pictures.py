"""Makes the pictures of the site for the guides: ``python tools/site_pictures.py`` (needs Chromium, takes a minute).

Fills the demo into a throw-away database, serves it, and takes the main pages at desktop or phone width, in few colours
so that the pictures stay small.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from io import BytesIO
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images" / "site"
LARGEST = 150_000  # bytes
WIDTHS = {"desktop": (1280, 860), "phone": (360, 720)}
# name of the picture: who looks, at which width, at what ({agency} of the demo and its year stand as in stories.yaml)
PAGES = {
    "desk": ("sisaket-officer", "desktop", "/"),
    "year": ("sisaket-officer", "desktop", "/agencies/sisaket/{sisaket}/"),
    "results": ("sisaket-officer", "desktop", "/agencies/sisaket/{sisaket}/results/"),
    "items": ("sisaket-officer", "desktop", "/agencies/sisaket/{sisaket}/results/items/"),
    "plan": ("bangpla-officer", "desktop", "/agencies/bangpla/{bangpla}/plan/"),
    "approval": ("sisaket-chief", "desktop", "/agencies/sisaket/{sisaket}/approval/"),
    "documents": ("thatalat-officer", "desktop", "/agencies/thatalat/{thatalat}/documents/"),
    "progress": ("thatalat-officer", "desktop", "/agencies/thatalat/{thatalat}/progress/"),
    "agencies": ("assessor", "desktop", "/agencies/"),
    "history": ("krokkaeo-admin", "desktop", "/agencies/krokkaeo/history/"),
    "exchange": ("takbai-admin", "desktop", "/agencies/takbai/exchange/"),
    "desk-phone": ("thatalat-unit", "phone", "/"),
    "results-phone": ("sisaket-chief", "phone", "/agencies/sisaket/{sisaket}/results/"),
    "approval-phone": ("sisaket-chief", "phone", "/agencies/sisaket/{sisaket}/approval/"),
}


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Fill, serve, take the pictures."""
    sys.path.insert(0, str(ROOT / "tests"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"
    os.environ["PRONGSAI_DATA"] = tempfile.mkdtemp(prefix="prongsai-pictures-")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver runs an event loop in this thread
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.test import Client
    from playwright.sync_api import sync_playwright

    from prongsai.site.demo.fill import fill
    from prongsai.site.people.models import Person
    from prongsai.site.rounds.models import Assessment

    call_command("migrate", verbosity=0)
    fill(ROOT / "examples")
    told = Assessment.objects.filter(results_at__isnull=False).select_related("agency", "round")
    years = {one.agency.code: one.round.slug for one in told}
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, (who, width, address) in PAGES.items():
            client = Client()
            client.force_login(
                Person.objects.get(username=who), backend="allauth.account.auth_backends.AuthenticationBackend"
            )
            x, y = WIDTHS[width]
            context = browser.new_context(viewport={"width": x, "height": y}, device_scale_factor=1)
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base}])
            page = context.new_page()
            answer = page.goto(base + address.format(**years))
            if answer is None or answer.status != 200:
                print(f"{name}: {address} answers {answer.status if answer else 'nothing'}, no picture")
                continue
            size = _keep(page.screenshot(), IMAGES / f"{name}.png")
            print(f"{name}: {size // 1000} KB")
            context.close()
        browser.close()


def _keep(shot: bytes, target: Path) -> int:
    """Write the picture in as many colours as the limit allows; its size."""
    from PIL import Image

    data = shot
    for colours in (64, 32, 16):
        out = BytesIO()
        Image.open(BytesIO(shot)).convert("RGB").quantize(colours).save(out, "PNG", optimize=True)
        data = out.getvalue()
        if len(data) <= LARGEST:
            break
    target.write_bytes(data)
    return len(data)


if __name__ == "__main__":
    main()
