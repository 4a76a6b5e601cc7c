"""Is it on the agency's registered main site."""

from __future__ import annotations

import httpx

from prongsai.evidence.finding import Finding, Seen

ORDER = 30


def check(seen: Seen) -> list[Finding]:
    """Says nothing where the main site is not given; asks the filed link and the place where it ends."""
    if seen.site is None:
        return []
    try:
        filed = httpx.URL(seen.fetched.url).host
    except httpx.InvalidURL:
        return []
    last = httpx.URL(seen.fetched.final_url).host
    if not is_on(filed, seen.site):
        th, en = f"ลิงก์อยู่ที่ {filed} ไม่ใช่เว็บไซต์หลัก {seen.site}", f"filed on {filed}, not on {seen.site}"
        return [Finding("main_site.elsewhere", "warning", th, en)]
    if not is_on(last, seen.site):
        th, en = f"ลิงก์ส่งต่อออกจากเว็บไซต์หลักไปยัง {last}", f"redirected off the main site to {last}"
        return [Finding("main_site.leaves", "warning", th, en)]
    return [Finding("main_site.on_it", "fine", f"อยู่บนเว็บไซต์หลัก {seen.site}", f"on the main site {seen.site}")]


def is_on(host: str, site: str) -> bool:
    """Whether a host is the site or below it (``www.`` aside)."""
    plain, wanted = host.lower().rstrip(".").removeprefix("www."), site.lower().rstrip(".").removeprefix("www.")
    return plain == wanted or plain.endswith(f".{wanted}")
