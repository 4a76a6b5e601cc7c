"""Every way out of this program is known: a module that can call somebody has a row in docs/security/outgoing.md.

A row says where the request goes, who says so, what guards it and which test shows that. What is found here is found by
reading the source, so a new call without a row fails before anybody sends it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE, TABLE = ROOT / "src" / "prongsai", ROOT / "docs" / "security" / "outgoing.md"
# Libraries that open connections, or programs that may; importing one is enough.
_WAYS = """httpcore requests urllib.request urllib3 http.client smtplib socket ftplib imaplib poplib nntplib telnetlib
xmlrpc.client aiohttp websockets websocket pycurl paramiko asyncssh psycopg psycopg2 pyspark subprocess pty
multiprocessing.connection django.core.mail allauth.socialaccount.providers boto3 fsspec s3fs pika redis ldap3"""
# Of httpx only what sends: its URLs are read in many places.
_SENDING = """Client AsyncClient HTTPTransport AsyncHTTPTransport request stream get head options post put patch
delete"""
# Functions that open one, whatever they are of.
_CALLS = """open_connection open_unix_connection create_connection urlopen urlretrieve getaddrinfo
create_subprocess_exec create_subprocess_shell read_database_uri read_database"""
_OS = "system popen posix_spawn posix_spawnp execv execve execvp execvpe spawnv spawnl"
WAYS, SENDING, CALLS, OS = (frozenset(words.split()) for words in (_WAYS, _SENDING, _CALLS, _OS))
_FIRST = {"django.core" if way.startswith("django.") else way.split(".")[0] for way in WAYS}
_MAY = re.compile("|".join([*sorted(_FIRST | CALLS), "httpx", rf"os\.(?:{'|'.join(sorted(OS))})"]))  # parse no others
HARMLESS = frozenset({"http.client.responses"})  # names of statuses


def ways_out(source: str) -> set[str]:
    """What in a module can open a connection or start a program."""
    return set(_found(ast.parse(source))) if _MAY.search(source) else set()


def _found(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from _known(*(alias.name for alias in node.names))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from _known(*(f"{node.module}.{alias.name}" for alias in node.names))
        elif isinstance(node, ast.Call) and _name(node.func) in ("import_module", "__import__"):
            yield from _known(*(arg.value for arg in node.args if isinstance(arg, ast.Constant)))
        elif isinstance(node, ast.Attribute):
            of, does = _name(node.value), node.attr
            if does in CALLS or (of == "os" and does in OS) or (of == "httpx" and does in SENDING):
                yield f"{of}.{does}"


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _known(*names: object) -> Iterator[str]:
    for name in names:
        if not isinstance(name, str) or name in HARMLESS:
            continue
        if any(name == way or name.startswith(f"{way}.") for way in WAYS):
            yield name
        if name.startswith("httpx.") and name.split(".")[1] in SENDING:
            yield name


def rows() -> dict[str, list[str]]:
    """Module → the cells of its row."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    found = {row[0].strip(" `"): row[1:] for row in cells}
    assert len(found) == len(cells), "a module stands twice in the table"
    return found


def test_every_module_with_a_way_out_has_a_row() -> None:
    out = {
        path.relative_to(SOURCE).as_posix(): found
        for path in SOURCE.rglob("*.py")
        if (found := ways_out(path.read_text(encoding="utf-8")))
    }
    known = rows()
    new = {path: sorted(found) for path, found in out.items() if path not in known}
    assert not new, f"say in {TABLE.relative_to(ROOT)} where this goes and what guards it"
    assert not set(known) - set(out), "these modules call nobody any more: take their rows out"


def test_every_row_names_tests_that_are_there() -> None:
    for module, cells in rows().items():
        assert len(cells) == 5, f"{module}: what, where to, who says so, guard, tests"
        assert all(cells), module
        named = re.findall(r"(tests/[\w/]+\.py)::(\w+)", cells[-1])
        assert named or cells[-1].startswith("– "), f"{module}: a test, or “– ” and the reason why there is none"
        for path, name in named:
            assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{module}: no {path}::{name}"


@pytest.mark.parametrize(
    "source",
    [
        "import requests",
        "import urllib.request as u",
        "from urllib import request",
        "from urllib.request import urlopen",
        "import httpx\nhttpx.get('http://x')",
        "from httpx import AsyncClient",
        "import socket",
        "from django.core import mail",
        "from django.core.mail import send_mail",
        "import subprocess",
        "import os\nos.system('curl x')",
        "import asyncio\nasyncio.open_connection('x', 1)",
        "import importlib\nimportlib.import_module('smtplib')",
        "__import__('requests')",
        "def later():\n    import psycopg",
    ],
)
def test_ways_out_are_seen(source: str) -> None:
    assert ways_out(source)


@pytest.mark.parametrize(
    "source", ["import httpx\nhttpx.URL('x')", "from http.client import responses", "import os\nos.getpid()"]
)
def test_what_calls_nobody_is_not(source: str) -> None:
    assert not ways_out(source)


def test_pages_load_nothing_from_elsewhere() -> None:
    """No template or script of ours names another site to load from; the page policy forbids it as well."""
    loading = re.compile(
        r"""(?:<(?:script|img|iframe|link|source|video|audio|object|embed)\b[^>]*?(?:src|href|data)\s*=\s*["']?"""
        r"""|@import\s+["']?|url\(["']?|(?:fetch|importScripts|WebSocket|EventSource|sendBeacon)\(\s*["'`])"""
        r"""(?:https?:)?//""",
        re.IGNORECASE,
    )
    files = [path for kind in ("html", "js", "css", "svg") for path in SOURCE.rglob(f"*.{kind}")]
    assert files
    assert not [str(path) for path in files if loading.search(path.read_text(encoding="utf-8"))]
    assert loading.search('<script src="https://cdn.example/x.js">')
    assert loading.search("fetch('//x')")
