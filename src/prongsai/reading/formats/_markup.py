"""Takes markup out of a piece of text: HTML left in cells, bold marks, entities. Repairs the Thai afterwards."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from prongsai.reading.formats._symbols import PRIVATE
from prongsai.thai.text import repair

_BLOCK = "p|div|li|ul|ol|br|tr|table|tbody|thead|h[1-6]|blockquote|section|article|hr|dl|dt|dd|caption|center"
_INLINE = "span|b|i|u|em|strong|small|sub|sup|font|a|td|th|code|mark|label|input|img|s|del|ins|o:p"
_UNORDERED = re.compile(r"<ul\b[^<>]*>(.*?)(?=</?(?:ul|ol)\b|$)", re.IGNORECASE | re.DOTALL)
_DASH = re.compile(r"(?<=\s)[-–•](?=\s)")  # a dash alone, not the one in 2567-2568
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5});")
_BOLD = re.compile(r"\*\*(?=\S)(.{1,2000}?)(?<=\S)\*\*|(?<!\w)__(?=\S)([^_]{1,2000})(?<=\S)__(?!\w)", re.DOTALL)
_CODE = re.compile(r"`([^`\n]{1,500})`")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")


def plain(text: str) -> str:
    """A cell or paragraph as ``_plain`` says; short ones are kept, for tables repeat them (100.00, หมายเหตุ)."""
    return _kept(text) if len(text) < 40 else _plain(text)


@lru_cache(maxsize=20_000)
def _kept(text: str) -> str:
    return _plain(text)


def _plain(text: str) -> str:
    """Repaired text without markup, paragraphs and list points on lines of their own, no empty lines.

    Only tags of HTML go; "< 85" and "A > B" stay, for they are text.
    """
    if "<" in text:
        text = _UNORDERED.sub(lambda found: "\n" + _DASH.sub("\n-", found.group(1)), text)
        text = _INLINE_TAG.sub("", _BLOCK_TAG.sub("\n", text))
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
    return tidy(unbold(text))


def tidy(text: str) -> str:
    """Repaired text, each line trimmed, empty lines out."""
    if text.isascii() and "\n" not in text and "\t" not in text and "  " not in text:
        return text.strip()
    lines = (line.strip() for line in repair(text.translate(PRIVATE)).splitlines())
    return "\n".join(line for line in lines if line)


def unbold(text: str) -> str:
    """Text without marks of emphasis, and with ``\\*`` as ``*``."""
    if "**" in text or "__" in text:
        text = _BOLD.sub(lambda found: found.group(1) or found.group(2), text)
        if text.strip("* \n"):
            text = text.replace("**", "")
    if "`" in text:
        text = _CODE.sub(r"\1", text)
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def is_bold(text: str) -> bool:
    """Whether the whole text stands in one pair of bold marks."""
    text = text.strip()
    return len(text) > 4 and text[:2] == text[-2:] and text[:2] in ("**", "__") and text[:2] not in text[2:-2]
