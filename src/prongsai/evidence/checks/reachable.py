"""Does the link open: status, redirects, encryption, certificate date."""

from __future__ import annotations

from prongsai.evidence.finding import Finding, Seen
from prongsai.thai.dates import short_date

ORDER = 10
SOON = 30  # days


def check(seen: Seen) -> list[Finding]:
    """Always says one thing of the link itself, and what is odd on the way."""
    fetched = seen.fetched
    if fetched.failure:
        return [Finding(f"reachable.{fetched.failure.code}", "error", fetched.failure.th, fetched.failure.en)]
    status = fetched.status
    if not fetched.ok:
        th = "ไม่พบหน้านี้" if status in (404, 410) else "เว็บไซต์ไม่ให้เปิด" if status in (401, 403) else "เปิดลิงก์ไม่ได้"
        return [Finding("reachable.status", "error", f"{th} (รหัส {status})", f"the server answered {status}")]
    found = [Finding("reachable.opens", "fine", f"เปิดได้ (รหัส {status})", f"opens (status {status})")]
    if fetched.tries > 1:
        found.append(
            Finding("reachable.second_try", "note", "เปิดไม่ได้ในครั้งแรก เปิดได้เมื่อลองอีกครั้ง", "opened only at a second try")
        )
    count = len(fetched.hops) - 1
    if count:
        found.append(
            Finding(
                "reachable.redirects",
                "note",
                f"ถูกส่งต่อ {count} ครั้ง ไปยัง {fetched.final_url}",
                f"redirected {count} times, to {fetched.final_url}",
            )
        )
    schemes = [hop.url.split(":", 1)[0] for hop in fetched.hops]
    if "https" in schemes and schemes[-1] == "http":
        found.append(
            Finding(
                "reachable.downgrade", "warning", "ถูกส่งต่อจาก https ไปยัง http", "redirected from https to plain http"
            )
        )
    elif schemes[-1] == "http":
        found.append(Finding("reachable.plain", "note", "ไม่ได้เข้ารหัส (http)", "not encrypted (plain http)"))
    return found + _certificate(seen)


def _certificate(seen: Seen) -> list[Finding]:
    until = seen.fetched.certificate_until
    if until is None:
        return []
    days = (until - seen.now).days
    severity = "warning" if days < SOON else "fine"
    return [
        Finding(
            "reachable.certificate",
            severity,  # type: ignore[arg-type]
            f"ใบรับรอง https ใช้ได้ถึง {short_date(until.date())} (อีก {days} วัน)",
            f"certificate valid until {until.date()} ({days} days)",
        )
    ]
