"""Everybody who uses a site, at a steady rate each, over real connections; for ``bench/soak.py``.

Each kind of people is a script that is begun so many times a minute. Who meets anything else than expected is kept with
what it was; nobody repeats in silence.
"""

from __future__ import annotations

import asyncio
import random
import re
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from crowd import BETWEEN, HIDDEN, READING, Line

PATIENCE = 4  # times that somebody who is asked to come again does so
CSRF = "s" * 32
# Begun in a minute: a busy day on a small machine, far below what it can do.
RATES = {
    "code": 120,
    "walk_in": 90,
    "officer": 60,
    "writing": 12,
    "approval": 2,
    "portal": 150,
    "api": 60,
    "feed": 12,
    "upload": 4,
    "failing_login": 12,
    "document": 6,
}
PORTAL = ("/results/", "/results/compare/", "/results/groups/", "/results/?q=เทศบาล", "/method/", "/data/", "/changes/")
API = ("/api/v1/rounds", "/api/v1/agencies", "/api/v1/frameworks", "/api/v1/changes")
FEEDS = ("/feed.atom", "/feed.rss", "/sitemap.xml")
VERSION = re.compile(rb'name="version" value="([0-9]+)"')
OWN = re.compile(rb'href="(/results/[^"?#]+/|/api/v1/[^"]+)"')


@dataclass
class Heard:
    """What came of it all: seconds of each answer by surface and minute, and what was not as it should be."""

    began: float = field(default_factory=time.time)
    took: dict[str, dict[int, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    errors: list[str] = field(default_factory=list)
    with_code: int = 0
    by_link: int = 0
    sent_away: Counter[str] = field(default_factory=Counter)  # asked to come again, by surface
    unheard: int = 0  # sent, and nothing came back: stored or not

    def minute(self) -> int:
        """Since the beginning."""
        return int((time.time() - self.began) // 60)


@dataclass
class Traffic:
    """All scripts against one site."""

    port: int
    plan: Mapping[str, Any]
    heard: Heard = field(default_factory=Heard)
    until: float = 0.0
    _next_code: int = 0
    _at_the_plan: asyncio.Lock = field(default_factory=asyncio.Lock)
    _known: list[str] = field(default_factory=lambda: list(PORTAL))

    async def run(self, seconds: float) -> None:
        """Every kind at its rate, and wait for the last ones."""
        self.until = time.time() + seconds
        await asyncio.gather(*(self._steadily(kind, rate) for kind, rate in RATES.items()))

    async def _steadily(self, kind: str, rate: float) -> None:
        script: Callable[[], Awaitable[None]] = getattr(self, f"_{kind}")
        under_way: set[asyncio.Task[None]] = set()
        while time.time() < self.until:
            await asyncio.sleep(random.expovariate(rate / 60))
            task = asyncio.create_task(self._once(kind, script))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)

    async def _once(self, kind: str, script: Callable[[], Awaitable[None]]) -> None:
        try:
            await script()
        except Exception as error:
            self.heard.errors.append(f"{self.heard.minute()} {kind}: {type(error).__name__} {error}"[:300])

    def _line(self, who: str = "") -> Line:
        """From an address of its own; with the session of a member of the cast."""
        n = random.getrandbits(24)
        cookie = f"Cookie: {self.plan['cookies'][who]}; csrftoken={CSRF}\r\n" if who else ""
        return Line(self.port, f"X-Forwarded-For: 10.{n >> 16}.{n >> 8 & 255}.{n & 255}\r\n{cookie}")

    async def _ask(
        self, line: Line, surface: str, path: str, *, ok: tuple[int, ...] = (200,), **more: Any
    ) -> tuple[dict[str, str], bytes]:
        for _ in range(PATIENCE):
            began = time.time()
            status, headers, page = await line.ask(path, **more)
            if status != 503 or "retry-after" not in headers:
                break
            self.heard.sent_away[surface] += 1
            await asyncio.sleep(float(headers["retry-after"]))
        if status not in ok:
            raise ValueError(f"{path.split('?', maxsplit=1)[0]} answered {status}")
        self.heard.took[surface][self.heard.minute()].append(time.time() - began)
        return headers, page

    # --- respondents

    async def _code(self) -> None:
        number, self._next_code = self._next_code, self._next_code + 1
        line = self._line()
        try:
            await self._ask(line, "respondents", "/a/")
            fields = {"code": self.plan["codes"][number], "lang": "th"}
            _, page = await self._ask(line, "respondents", "/a/", fields=fields)
            if await self._answer(line, page, number, {}):
                self.heard.with_code += 1
        finally:
            line.close()

    async def _walk_in(self) -> None:
        line = self._line()
        try:
            _, page = await self._ask(line, "respondents", f"/a/{self.plan['token']}/all/")
            given = random.randrange(len(self.plan["given"]))
            if await self._answer(line, page, given, {"whole": "1", "eligible": "yes"}):
                self.heard.by_link += 1
        finally:
            line.close()

    async def _answer(self, line: Line, page: bytes, number: int, more: dict[str, str]) -> bool:
        hidden = {name.decode(): unescape(value.decode()) for name, value in HIDDEN.findall(page)}
        answers = {f"a-{code}": key for code, key in self.plan["given"][number].items()}
        await asyncio.sleep(READING + random.random() * 5)
        line.close()  # a browser's connection is gone by then
        self.heard.unheard += 1
        _, page = await self._ask(line, "respondents", "/a/go/", fields={**hidden, **more, **answers, "do": "send"})
        self.heard.unheard -= 1
        if b'class="receipt"' not in page:
            raise ValueError("no receipt")
        return True

    # --- officers

    async def _officer(self) -> None:
        year, who = self.plan["year"], random.choice(("officer", "officer", "chief", "assessor"))
        pages = (
            "/",
            "/agencies/",
            "/notices/",
            f"{year}/",
            f"{year}/results/",
            f"{year}/results/items/",
            f"{year}/plan/",
        )
        pages += (f"{year}/progress/", f"{year}/approval/", f"{year}/documents/", "/agencies/muang/history/")
        if who != "officer":
            pages = pages[:6]
        line = self._line(who)
        try:
            for path in random.sample(pages, 2):
                await self._ask(line, "officers", path)
        finally:
            line.close()

    async def _writing(self) -> None:
        """The officer changes a measure, as it stands now."""
        address = f"{self.plan['year']}/plan/measures/{self.plan['measure']['pk']}/"
        line = self._line("officer")
        try:
            async with self._at_the_plan:
                _, page = await self._ask(line, "officers", address)
                found = VERSION.search(page)
                assert found, "the form has no version"
                words = f"รายงานผลทุกเดือน ครั้งที่ {random.randrange(10**6)}"
                fields = {**self.plan["measure"]["fields"], "version": found[1].decode(), "monitoring": words}
                await self._post(line, address, fields)
        finally:
            line.close()

    async def _approval(self) -> None:
        """The plan goes up with all its documents, and the head sends it back."""
        officer, head = self._line("officer"), self._line("head")
        try:
            async with self._at_the_plan:
                address = f"{self.plan['year']}/approval/plan/submit/"
                headers = await self._post(officer, address, {"plan-digits": "thai"}, surface="approvals")
                bundle = headers["location"]
                _, page = await self._ask(head, "officers", bundle)
                fields = {name.decode(): unescape(value.decode()) for name, value in HIDDEN.findall(page)}
                fields = {name: value for name, value in fields.items() if name in ("digest", "order")}
                fields |= {"verb": "return", "text": "โปรดปรับตัวชี้วัดให้ชัดเจนขึ้น"}
                await self._post(head, f"{bundle}act/", fields, surface="approvals")
        finally:
            officer.close()
            head.close()

    async def _document(self) -> None:
        line = self._line("officer")
        try:
            await self._ask(line, "documents", f"{self.plan['year']}/results/table.xlsx")
            await self._ask(line, "documents", f"{self.plan['year']}/plan/plan.yaml")
        finally:
            line.close()

    async def _upload(self) -> None:
        """A plan file is brought in as far as its preview."""
        line, address = self._line("officer"), f"{self.plan['year']}/plan/import/"
        try:
            _, file = await self._ask(line, "documents", f"{self.plan['year']}/plan/plan.yaml")
            file = file.rstrip() + f"\n# {secrets.token_hex(8)}\n".encode()  # another file each time
            parts = f'--{BETWEEN}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{CSRF}\r\n'
            parts += f'--{BETWEEN}\r\nContent-Disposition: form-data; name="file"; filename="plan.yaml"\r\n\r\n'
            async with self._at_the_plan:
                upload = parts.encode() + file + f"\r\n--{BETWEEN}--\r\n".encode()
                await self._ask(line, "uploads", address, upload=upload)
        finally:
            line.close()

    async def _post(self, line: Line, path: str, fields: Mapping[str, Any], surface: str = "writing") -> dict[str, str]:
        headers, _ = await self._ask(line, surface, path, ok=(302,), fields={**fields, "csrfmiddlewaretoken": CSRF})
        return headers

    # --- everybody

    async def _portal(self) -> None:
        """A page, and one that it leads to."""
        line = self._line()
        try:
            for _ in range(2):
                _, page = await self._ask(line, "portal", random.choice(self._known))
                found = [unescape(path.decode()) for path in OWN.findall(page)]
                if len(self._known) < 200:
                    self._known += [path for path in found if path.startswith("/results/") and path not in self._known]
        finally:
            line.close()

    async def _api(self) -> None:
        line = self._line()
        try:
            await self._ask(line, "api", random.choice(API))
        finally:
            line.close()

    async def _feed(self) -> None:
        line = self._line()
        try:
            await self._ask(line, "feeds", random.choice(FEEDS))
        finally:
            line.close()

    async def _failing_login(self) -> None:
        """Somebody tries passwords, each time as another and from elsewhere."""
        line = self._line()
        line.headers += f"Cookie: csrftoken={CSRF}\r\n"
        try:
            name = f"nobody-{random.randrange(10**6)}"
            fields = {"login": name, "password": "wrong password", "csrfmiddlewaretoken": CSRF}
            await self._ask(line, "logins", "/accounts/login/", ok=(200, 400, 403, 422, 429), fields=fields)
        finally:
            line.close()
