"""No key, token or password of anybody stands in the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_SHAPES = {
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "cloud access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "forge token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,}|glpat-[\w-]{20,})",
    "registry token": r"\b(?:pypi-[A-Za-z0-9_-]{50,}|npm_[A-Za-z0-9]{36})",
    "chat token": r"\bxox[abprs]-[0-9A-Za-z-]{10,}",
    "map or mail key": r"\b(?:AIza[0-9A-Za-z_-]{35}|SG\.[\w-]{22}\.[\w-]{43})",
    "signed token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    "webhook secret": r"\bwhsec_[A-Za-z0-9+/]{43}=",
    "address with a password": r"\b[a-z][a-z0-9+]{2,}://[^\s:/@\"'<{}$]+:(?!password@)[^\s:/@\"'<{}$*]{6,}@",
    "assigned": r"(?i)\b(?:password|passwd|secret_?key|api_?key|auth_?token)\b[\"']?\s*[:=]\s*"
    r"[\"']([^\"'\s{}<>$]{8,})[\"']",
}
SHAPES = {name: re.compile(shape) for name, shape in _SHAPES.items()}
# Files that show what a secret looks like on purpose, each with what it is for. Nothing in them opens anything.
SHOWN = {
    "src/prongsai/site/demo/people.py": "the demo's password, which everybody knows",
    "tests/site_settings.py": "a secret key for tests only",
    "tests/supply/test_secrets.py": "this file",
}
_BINARY = {".png", ".docx", ".pdf", ".ttf", ".woff2", ".gz", ".zip", ".parquet", ".ico"}


def tracked() -> list[Path]:
    """Every file of the repository; without git (a released archive) every file but what was built."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, check=True, capture_output=True,
        ).stdout  # fmt: skip
        return [ROOT / name.decode() for name in listed.split(b"\0") if name]
    except (OSError, subprocess.CalledProcessError):
        top = ("src", "tests", "docs", "tools", "bench", "examples", "requirements")
        return [path for folder in top for path in (ROOT / folder).rglob("*")]


def secrets_in(text: str) -> list[str]:
    """What kinds of secrets a text holds."""
    return [name for name, shape in SHAPES.items() if shape.search(text)]


def test_no_secret_is_in_the_repository() -> None:
    found = {}
    paths = [path for path in tracked() if path.is_file() and path.suffix not in _BINARY]
    assert len(paths) > 1000
    for path in paths:
        name = str(path.relative_to(ROOT))
        kinds = secrets_in(path.read_text(encoding="utf-8", errors="replace"))
        if name.startswith("tests/"):  # invented people log in with invented passwords
            kinds = [kind for kind in kinds if kind not in ("assigned", "address with a password")]
        if kinds and name not in SHOWN:
            found[name] = kinds
    assert found == {}


def test_no_key_file_is_in_the_repository() -> None:
    kept = (".pem", ".key", ".p12", ".pfx", ".jks", ".sqlite3", ".env.local")
    assert [
        str(path) for path in tracked() if path.name.endswith(kept) or path.name in (".env", ".netrc", ".pypirc")
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN " + "EC PRIVATE KEY-----",
        "AKIA" + "A1B2C3D4E5F6G7H8",
        "ghp_" + "a" * 36,
        "pypi-" + "A" * 60,
        "xoxb-" + "1234567890-abc",
        "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0abc.c2lnbmF0dXJl",
        "whsec_" + "A" * 43 + "=",
        "postgres://site:" + "correcthorse@db.example.test/site",
        'SECRET_KEY = "' + 'k8!x2mzq0w"',
        "password: '" + "sesame-sesame'",
    ],
)
def test_a_secret_is_found(text: str) -> None:
    assert secrets_in(f"some text {text} and more")


@pytest.mark.parametrize(
    "text",
    [
        "postgres://site:password@db/site",
        "password = given['password']",
        "https://www.example.test/a:b",
        'token = "short"',
    ],
)
def test_words_about_secrets_are_none(text: str) -> None:
    assert secrets_in(text) == []
