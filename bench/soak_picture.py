"""The soak's minutes as one picture: small charts below each other, as SVG without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDE, HIGH, LEFT, TOP, APART = 900, 130, 70, 50, 46
COLOURS = ("#1b5e8c", "#b3541e", "#2e7d4f", "#7a3e9d", "#8a6d00", "#b0003a", "#4a4a4a", "#00796b", "#5d4037")
Lines = Mapping[str, Sequence[float | None]]


def picture(found: Mapping[str, Any]) -> str:
    """An SVG: memory, open files, threads, database, p50 and p99 by the minute; the backup's minute is marked."""
    series, times = found["series"], found["times"]
    roles = sorted({role for one in series for role in one["processes"]})

    def of(what: str) -> Lines:
        return {role: [one["processes"].get(role, {}).get(what) for one in series] for role in roles}

    sizes = {key: [one["database"].get(key) for one in series] for key in series[0]["database"]} if series else {}
    charts: list[tuple[str, Lines]] = [
        ("Memory, MB (proportional)", of("mb")),
        ("Open files", of("files")),
        ("Threads", of("threads")),
        ("Database: MB, WAL MB, connections", sizes),
        *(
            (f"{p}, ms", {name: [one.get(f"{p}_ms") for one in minutes] for name, minutes in sorted(times.items())})
            for p in ("p50", "p99")
        ),
    ]
    high = TOP + len(charts) * (HIGH + APART)
    title = f"Soak on {found['database']}, {found['date']}, {found['machine']}, {found['minutes']:g} minutes"
    body = "".join(
        _chart(name, lines, TOP + n * (HIGH + APART), found["backup"].get("minute"))
        for n, (name, lines) in enumerate(charts)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" font-family="sans-serif" font-size="11">'
        f'<rect width="{WIDE}" height="{high}" fill="#fff"/>'
        f'<text x="10" y="22" font-size="15">{escape(title)}</text>{body}</svg>\n'
    )


def _chart(name: str, lines: Lines, top: int, marked: int | None) -> str:
    values = [value for line in lines.values() for value in line if value is not None]
    most, count = max(values, default=1.0) or 1.0, max((len(line) for line in lines.values()), default=1)
    wide = WIDE - LEFT - 190

    def x(at: float) -> float:
        return round(LEFT + wide * (at + 1) / count, 1)

    def y(value: float) -> float:
        return round(top + HIGH * (1 - value / most), 1)

    made = [f'<text x="{LEFT}" y="{top - 8}" font-weight="bold">{escape(name)}</text>']
    for share in (0.0, 0.5, 1.0):
        made.append(f'<path d="M{LEFT} {y(most * share)}H{LEFT + wide}" stroke="#ddd"/>')
        made.append(f'<text x="{LEFT - 6}" y="{y(most * share) + 4}" text-anchor="end">{most * share:,.4g}</text>')
    if marked is not None:
        made.append(f'<path d="M{x(marked - 1)} {top}V{top + HIGH}" stroke="#999" stroke-dasharray="3 3"/>')
        made.append(f'<text x="{x(marked - 1) + 3}" y="{top + 10}" fill="#666">backup</text>')
    for n, (label, line) in enumerate(lines.items()):
        colour = COLOURS[n % len(COLOURS)]
        points = " ".join(f"{x(at)},{y(value)}" for at, value in enumerate(line) if value is not None)
        last = next((value for value in reversed(line) if value is not None), None)
        told = f"{label} {last:,.4g}" if last is not None else label
        made.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        made.append(f'<text x="{LEFT + wide + 12}" y="{top + 8 + 13 * n}" fill="{colour}">{escape(told)}</text>')
    return "".join(made)
