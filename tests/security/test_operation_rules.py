"""What the files that operators copy must hold to, beyond what tests/site/test_operation_files.py looks at."""

from __future__ import annotations

import re
from pathlib import Path

NGINX = (Path(__file__).parents[2] / "docs" / "operations" / "nginx.conf").read_text(encoding="utf-8")


def servers() -> dict[str, str]:
    """Each server's block by the port that it listens to."""
    blocks = re.split(r"^server \{$", NGINX, flags=re.MULTILINE)[1:]
    return {re.search(r"listen (\d+)", block)[1]: block for block in blocks}  # type: ignore[index]


def test_the_api_is_not_led_from_http_to_https() -> None:
    """A program that sends its key unencrypted would never be noticed."""
    plain = servers()["80"]
    assert re.search(r"location /api/ \{\s*return 403;\s*\}", plain)
    assert re.search(r"location / \{\s*return 301 https://", plain)


def test_encryption_is_of_today_and_headers_are_the_proxys_own() -> None:
    secure = servers()["443"]
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in secure
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in secure
    assert "proxy_add_x_forwarded_for" not in NGINX
    assert "autoindex on" not in NGINX
    assert "server_tokens off;" in NGINX


def test_what_respondents_open_is_logged_nowhere() -> None:
    surface = re.search(r"location /a/ \{(.*?)\n    \}", servers()["443"], re.DOTALL)
    assert surface
    assert "access_log off;" in surface[1]
    assert "error_log /dev/null" in surface[1]
