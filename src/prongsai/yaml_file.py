"""Reads YAML so that nothing is lost or guessed: exact decimals, no ``yes`` → True, line numbers kept.

Aliases and duplicate keys are refused: the first can blow a small file up, the second hides a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from prongsai.errors import InputError, Problem, unreadable

MAX_BYTES = 5_000_000
MAX_DEPTH = 60
Key = tuple[str, ...]
# Bounded: a number of thousands of digits is no number of ours, and costs time to read.
_INTEGER = re.compile(r"[-+]?[0-9]{1,100}")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,100}\.[0-9]{0,100}|\.[0-9]{1,100})")
# Control characters and line breaks that YAML folds into a space unless they are escaped.
_ODD_BREAKS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class YamlFile:
    """The data of one file and the line (from 1) on which each key stands.

    ``places`` is for data that came from elsewhere than YAML: the words that name a key's place, such as a
    cell of a worksheet. Where a key or its parent has one, it is used instead of line and key.
    """

    name: str
    data: Any
    lines: dict[Key, int] = field(default_factory=dict)
    places: dict[Key, str] = field(default_factory=dict)

    def where(self, key: Key | list[str]) -> str:
        """``file:line key.path`` of a key, or of its nearest parent that exists."""
        path = tuple(key)
        while path and path not in self.lines and path not in self.places:
            path = path[:-1]
        if path in self.places:
            return f"{self.name} {self.places[path]}"
        line = self.lines.get(path)
        dotted = ".".join(key)
        return f"{self.name}{f':{line}' if line else ''}{' ' + dotted if dotted else ''}"


def read(path: Path) -> YamlFile:
    """Read one YAML file.

    Raises ``InputError`` when the file is missing, empty, too large, not UTF-8 or not YAML.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(
                Problem(
                    "file.too_large",
                    path.name,
                    f"ไฟล์ใหญ่เกิน {MAX_BYTES // 1_000_000} เมกะไบต์",
                    f"the file is larger than {MAX_BYTES} bytes",
                    "โปรดตรวจสอบว่าเลือกไฟล์ถูกต้อง",
                )
            )
        raw = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(
                "file.encoding",
                path.name,
                "ไฟล์ไม่ได้บันทึกเป็น UTF-8",
                f"the file is not UTF-8 (byte {error.start})",
                "โปรดเปิดไฟล์แล้วบันทึกใหม่โดยเลือกรหัสอักขระ UTF-8",
            )
        ) from error
    return parse(text, path.name)


def parse(text: str, name: str) -> YamlFile:
    """Parse YAML text; ``name`` is what errors call the file. Raises ``InputError`` as ``read`` does."""
    try:
        depth = 0
        for token in yaml.scan(text, Loader=_Loader):
            depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
            if depth > MAX_DEPTH:
                raise _broken(name, token.start_mark.line + 1, "ข้อมูลซ้อนกันลึกเกินไป", "the data is nested too deeply")
            if isinstance(token, yaml.AliasToken):
                raise _broken(name, token.start_mark.line + 1, "มีการอ้างอิงซ้ำ (*)", "aliases are not allowed")
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _broken(name, line, "รูปแบบ YAML ไม่ถูกต้อง", str(error.problem or error)) from error
    except yaml.YAMLError as error:
        raise _broken(name, 1, "รูปแบบ YAML ไม่ถูกต้อง", str(error)) from error
    if node is None:
        raise InputError(
            Problem(
                "file.empty",
                name,
                "ไฟล์ว่าง ไม่มีข้อมูล",
                "the file is empty",
                "โปรดกรอกข้อมูลตามแบบตัวอย่างในโฟลเดอร์ examples",
            )
        )
    file = YamlFile(name, None)
    file.data = _build(node, (), file)
    return file


def _broken(name: str, line: int, th: str, en: str) -> InputError:
    return InputError(
        Problem(
            "yaml.broken",
            f"{name}:{line}",
            th,
            en,
            f"โปรดตรวจสอบย่อหน้า เครื่องหมาย : และเครื่องหมายคำพูดใกล้บรรทัดที่ {line}",
        )
    )


def _build(node: Any, key: Key, file: YamlFile) -> Any:
    file.lines.setdefault(key, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            name = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            line = key_node.start_mark.line + 1
            if not name or name in mapping:
                raise _broken(file.name, line, f"คีย์ “{name}” ซ้ำหรือว่าง", f"key {name!r} is repeated or empty")
            file.lines[(*key, name)] = line
            mapping[name] = _build(value_node, (*key, name), file)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*key, str(index)), file) for index, child in enumerate(node.value)]
    return node.value if node.style in ("'", '"', "|", ">") else scalar(node.value)


def scalar(text: str) -> Any:
    """The value of a bare word: whole numbers, exact decimals, null, true, false; all else is text."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text


class _Dumper(yaml.SafeDumper):
    """Writes for people: Thai as it is, exact decimals, multi-line text as blocks, never an alias."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _dump_text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    quoted = "'" if scalar(value) != value or value in ("yes", "no", "on", "off") else None
    style = '"' if _ODD_BREAKS.search(value) else "|" if "\n" in value else quoted
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _dump_decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    text = f"{value:f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Dumper.add_representer(str, _dump_text)
_Dumper.add_representer(Decimal, _dump_decimal)


def dump(data: Any) -> str:
    """YAML text that ``parse`` reads back to the same data."""
    return str(yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110))
