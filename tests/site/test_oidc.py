"""Signing in through a real identity provider that runs in its own process (tests/oidc)."""

from __future__ import annotations

import fcntl
import html
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from cast import Cast
from django.test import Client

from needs import missing
from prongsai.site.env import Provider
from prongsai.site.settings import login_providers

HERE = Path(__file__).parents[1] / "oidc"
BUILD = Path(__file__).parents[2] / "build" / "oidc"
SECRET = "only for tests"
CALLBACK = "http://testserver/accounts/oidc/office/login/callback/"
START = "/accounts/oidc/office/login/"


def _installed() -> Path:
    """The provider's folder below build/; skips with the reason where it cannot be installed."""
    if not shutil.which("node") or not shutil.which("npm"):
        missing("node and npm are needed to run a real identity provider")
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run side by side
        for name in ("package.json", "package-lock.json", "server.mjs"):
            shutil.copy(HERE / name, BUILD / name)
        if not (BUILD / "node_modules" / "oidc-provider").exists():
            install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            done = subprocess.run(install, cwd=BUILD, capture_output=True, text=True, timeout=240, check=False)
            if done.returncode:
                missing(f"the identity provider could not be installed: {done.stderr.strip()[-300:]}")
    return BUILD


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Address of a running provider."""
    folder = _installed()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", "server.mjs", str(port), CALLBACK, SECRET]
    running = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert running.stdout is not None
        assert running.stdout.readline().strip() == "ready"
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(10)


def use(settings: Any, address: str, secret: str = SECRET, issuer: str = "") -> None:
    provider = Provider(
        id="office", name="สำนักงานกลาง", client_id="prongsai", secret=secret, server_url=address, issuer=issuer
    )
    settings.SOCIALACCOUNT_PROVIDERS = login_providers([provider])


def through_the_provider(start: str, name: str, answer: str = "") -> tuple[str, str]:
    """What a browser does at the provider: sign in as ``name``, agree. The first address asked, and the last."""
    person, address, seen = requests.Session(), start, start
    response = person.get(address, allow_redirects=False, timeout=10)
    for _ in range(12):
        if response.is_redirect:
            address = urljoin(address, response.headers["Location"])
            if address.startswith("http://testserver/"):
                return seen, address
            response = person.get(address, allow_redirects=False, timeout=10)
            continue
        action = re.search(r'<form[^>]*action="([^"]+)"', response.text)
        assert action, response.text[:500]
        data = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)"', response.text))
        if answer == "abort":
            address = urljoin(address, html.unescape(action[1]) + "/abort")
            response = person.get(address, allow_redirects=False, timeout=10)
            continue
        address = urljoin(address, html.unescape(action[1]))
        data |= {"login": name, "password": "any"}
        response = person.post(address, data=data, allow_redirects=False, timeout=10)
    raise AssertionError("the provider never came back")


def begin(client: Client, next_page: str = "") -> str:
    started = client.post(START + (f"?next={next_page}" if next_page else ""))
    assert started.status_code == 302, started.content[:300]
    return str(started["Location"])


def test_a_known_person_signs_in_with_code_and_pkce(address: str, cast: Cast, settings: Any) -> None:
    use(settings, address)
    cast.officer.external = "office:somying"
    cast.officer.save()
    client = Client()
    assert "เข้าสู่ระบบด้วย สำนักงานกลาง" in client.get("/accounts/login/").content.decode()
    asked, back = through_the_provider(begin(client, "/me/"), "somying")
    assert "response_type=code" in asked
    assert "code_challenge_method=S256" in asked
    done = client.get(back)
    assert (done.status_code, done["Location"]) == (302, "/me/")
    assert "นางสมหญิง ตัวอย่าง" in client.get("/me/").content.decode()


def test_signing_in_again_does_not_depend_on_the_name_and_ends_with_the_identity(
    address: str, cast: Cast, settings: Any
) -> None:
    from prongsai.site.people.actions import SetIdentity

    use(settings, address)
    SetIdentity(by=cast.admin, person=cast.officer, external="office:somying").execute()
    for _ in range(2):
        client = Client()
        assert client.get(through_the_provider(begin(client), "somying")[1]).status_code == 302
    SetIdentity(by=cast.admin, person=cast.officer, external="").execute()
    client = Client()
    assert client.get(through_the_provider(begin(client), "somying")[1]).status_code == 403
    assert "_auth_user_id" not in client.session


def test_an_unknown_person_is_told_which_name_to_pass_on(address: str, cast: Cast, settings: Any) -> None:
    use(settings, address)
    client = Client()
    page = client.get(through_the_provider(begin(client), "nobody.knows")[1])
    assert page.status_code == 403
    assert "office:nobody.knows" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_someone_whose_account_is_switched_off_stays_outside(address: str, cast: Cast, settings: Any) -> None:
    use(settings, address)
    cast.officer.external, cast.officer.is_active = "office:somying", False
    cast.officer.save()
    client = Client()
    page = client.get(through_the_provider(begin(client), "somying")[1], follow=True)
    assert "บัญชีนี้ถูกระงับ" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_wrong_client_secret_fails_clearly(address: str, cast: Cast, settings: Any) -> None:
    use(settings, address, secret="another")
    client = Client()
    page = client.get(through_the_provider(begin(client), "somying")[1])
    assert page.status_code == 401
    assert "PRONGSAI_OIDC" in page.content.decode()
    assert "invalid_client" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_metadata_of_another_issuer_lead_nowhere(address: str, cast: Cast, settings: Any) -> None:
    """The provider answers at this address, too, and bears the name of the other."""
    elsewhere = address.replace("127.0.0.1", "localhost")
    use(settings, elsewhere)
    page = Client().post(START)
    assert page.status_code == 502
    for said in ("ไม่ตรงกับที่ตั้งค่าไว้", address, elsewhere, "issuer"):
        assert said in page.content.decode()
    use(settings, elsewhere, issuer=address)
    assert begin(Client()).startswith(f"{elsewhere}/auth?"), "the control: its right name is configured"
    use(settings, f"{address}/.well-known/openid-configuration")
    assert begin(Client()).startswith(f"{address}/auth?")


def test_a_code_is_not_shown_to_another_issuer(address: str, cast: Cast, settings: Any) -> None:
    """The metadata become another's between the beginning of a sign-in and its end."""
    use(settings, address)
    cast.officer.external = "office:somying"
    cast.officer.save()
    client = Client()
    back = through_the_provider(begin(client), "somying")[1]
    use(settings, address, issuer="https://login.example.test")
    assert client.get(back).status_code == 502
    assert "_auth_user_id" not in client.session


def test_cancelling_at_the_provider_leads_back(address: str, cast: Cast, settings: Any) -> None:
    use(settings, address)
    client = Client()
    page = client.get(through_the_provider(begin(client), "somying", "abort")[1], follow=True)
    assert "ยกเลิกการเข้าสู่ระบบ" in page.content.decode()


def test_a_callback_that_was_not_asked_for_is_refused(address: str, cast: Cast, settings: Any) -> None:
    use(settings, address)
    page = Client().get("/accounts/oidc/office/login/callback/?code=x&state=y")
    assert page.status_code == 401
    assert "เข้าสู่ระบบผ่านผู้ให้บริการไม่สำเร็จ" in page.content.decode()


def test_a_provider_that_cannot_be_reached_is_said(cast: Cast, settings: Any) -> None:
    use(settings, "http://127.0.0.1:9")
    page = Client().post(START)
    assert page.status_code == 502
    assert "ติดต่อผู้ให้บริการยืนยันตัวตนไม่ได้" in page.content.decode()


def test_nobody_connects_an_identity_by_themselves(address: str, cast: Cast, settings: Any, client_of: Any) -> None:
    use(settings, address)
    client = client_of("stranger")
    started = client.post(START + "?process=connect")
    back = client.get(through_the_provider(started["Location"], "somying")[1])
    assert (back.status_code, back["Location"]) == (302, "/me/")
    assert not cast.stranger.socialaccount_set.exists()


def test_the_page_policy_lets_forms_go_to_the_provider_alone() -> None:
    from django.conf import settings

    directives: Any = settings.CONTENT_SECURITY_POLICY
    assert directives["DIRECTIVES"]["form-action"] == ["'self'"]
