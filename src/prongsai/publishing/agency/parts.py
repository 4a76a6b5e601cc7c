"""The small pieces that pages are put together from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from prongsai.publishing.agency.model import Figure
from prongsai.publishing.agency.words import Words

STACK = "stack"  # a table whose cells stand under each other on a narrow screen


_TAG = re.compile("<[^>]+>")


class Right(str):
    """A heading of a column of numbers, which stand to the right."""


def section(ident: str, title: str, body: str, lead: str = "") -> str:
    """A section with its heading; empty where there is nothing in it."""
    if not body:
        return ""
    first = f'<p class="lead">{lead}</p>' if lead else ""
    return f'<section id="{ident}" aria-labelledby="{ident}-h"><h2 id="{ident}-h">{title}</h2>{first}{body}</section>\n'


def table(name: str, head: Sequence[str], rows: Sequence[Sequence[str]], classes: str = "") -> str:
    """A table in a box that scrolls by itself; the first cell of a row is its heading."""
    if not rows:
        return ""
    right = [' class="n"' if isinstance(title, Right) else "" for title in head]
    # Where a narrow screen puts cells under each other, each says which column it is.
    labels = [f' data-label="{_TAG.sub("", title)}"' if classes == STACK else "" for title in head]
    heads = "".join(f'<th scope="col"{side}>{title}</th>' for title, side in zip(head, right, strict=True))
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(
            f"<td{side}{label}>{cell}</td>" for cell, side, label in zip(row[1:], right[1:], labels[1:], strict=True)
        )
        + "</tr>\n"
        for row in rows
    )
    kind = f' class="{classes}"' if classes else ""
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{name}"><table{kind}>'
        f"<thead><tr>{heads}</tr></thead><tbody>\n{body}</tbody></table></div>\n"
    )


def bar(figure: Figure, mark: float | None = None) -> str:
    """A drawing of a score between 0 and 100, beside the number that says the same; ``mark``: a threshold."""
    if not figure.known:
        return '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"></svg>'
    low, high = float(figure.value.interval.low), float(figure.value.interval.high)
    drawn = f'<rect class="sure" width="{low:.2f}" height="4"/>'
    if high > low:
        drawn += f'<rect class="range" x="{low:.2f}" width="{high - low:.2f}" height="4"/>'
    if mark is not None:
        drawn += f'<rect class="mark" x="{mark - 0.4:.2f}" width="0.8" height="4"/>'
    return f'<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>'


def verdict(words: Words, met: bool | None) -> str:
    """Whether a threshold is reached: a word, never only a colour."""
    if met is None:
        return f'<span class="tag">{words.t("ยังสรุปไม่ได้", "open")}</span>'
    if met:
        return f'<span class="tag good">{words.t("ถึงเกณฑ์", "reached")}</span>'
    return f'<span class="tag bad">{words.t("ไม่ถึงเกณฑ์", "not reached")}</span>'


def bullets(items: Sequence[str], classes: str = "") -> str:
    """A list; empty where there is nothing in it."""
    kind = f' class="{classes}"' if classes else ""
    return f"<ul{kind}>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>" if items else ""
