"""The fetcher never reaches a private network. The positive control shows that the same request works when allowed."""

from __future__ import annotations

import inspect
import ssl

import pytest
from evidence_world import QUICK, Authority, World, fetch, home, open_network, page, serving

from prongsai.cli import oit
from prongsai.evidence.fetch import Fetcher, Limits
from prongsai.evidence.network import Network, is_public

PRIVATE = [
    "127.0.0.1",
    "127.8.9.10",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "168.63.129.16",
    "192.0.0.192",
    "192.88.99.1",
    "169.254.170.2",
    "100.100.100.200",
    "fd00:ec2::254",
    "3fff::1",
    "64:ff9b:1::7f00:1",
    "::7f00:1",
    "::ffff:0:7f00:1",
    "::ffff:168.63.129.16",
    "2002:a9fe:a9fe::",
    "not an address",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "168.63.129.17", "203.150.0.1", "2001:4860:4860::8888", "::ffff:8.8.8.8"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


def anywhere(port: int) -> bool:
    return True


def test_positive_control_then_the_same_without_the_exception(world: World) -> None:
    url = world.serve("/secret", page("internal"))
    assert fetch(url).ok
    assert len(world.asked) == 1
    guarded = fetch(url, Network(resolve=home, may_use_port=anywhere))
    assert guarded.failure is not None
    assert guarded.failure.code == "address_private"
    assert len(world.asked) == 1


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "0",
        ),
        *(
            "LOCALHOST",
            "localhost.",
            "①②⑦.⓪.⓪.①",
            "127。0。0。1",
            "017700000001",
            "0x7f.1",
            "127.0.1",
            "[::ffff:7f00:1]",
        ),
    ],
)
def test_this_machine_under_all_its_names_by_the_real_resolver(world: World, host: str) -> None:
    world.serve("/", page("internal"))
    failure = fetch(world.url("/", host), Network(may_use_port=anywhere)).failure
    assert failure is not None
    assert failure.code in ("address_private", "name_unknown", "url_broken")
    assert world.asked == []


def test_one_private_address_among_public_ones_is_refused(world: World) -> None:
    async def mixed(host: str, port: int) -> list[str]:
        return ["8.8.8.8", "127.0.0.1"]

    failure = fetch(world.url(), Network(resolve=mixed, may_use_port=anywhere)).failure
    assert failure is not None
    assert failure.code == "address_private"


def test_a_redirect_into_a_private_network_is_refused(world: World) -> None:
    world.serve("/metadata", page("internal"))

    async def resolve(host: str, port: int) -> list[str]:
        return ["169.254.169.254"] if host == "inside.example.test" else ["127.0.0.1"]

    url = world.redirect("/go", world.url("/metadata", "inside.example.test"))
    found = fetch(url, open_network(resolve=resolve))
    assert found.failure is not None
    assert found.failure.code == "address_private"
    assert [path for _, path in world.asked] == ["/go"]


def test_a_name_is_resolved_once_and_that_address_is_connected_to(world: World) -> None:
    """A name that turns to another address after the look is never asked again (DNS rebinding)."""
    url = world.serve("/", page("public"))
    asked: list[str] = []

    async def turning(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    assert fetch(url, open_network(resolve=turning)).ok
    assert asked == ["www.example.test"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.test/", "url_scheme"),
        ("file:///etc/passwd", "url_scheme"),
        ("javascript:alert(1)", "url_scheme"),
        ("www.example.test/page", "url_scheme"),
        ("//example.test/", "url_scheme"),
        ("http://user:secret@example.test/", "url_credentials"),
        ("http://user@example.test/", "url_credentials"),
        ("http://example.test:22/", "url_port"),
        ("https://example.test:8443/", "url_port"),
        ("http://", "url_no_host"),
        ("http:///path", "url_no_host"),
        ("http://[::1/", "url_broken"),
        ("http://example.test:99999/", "url_port"),
        ("", "url_scheme"),
        ("http://a\x00b/", "url_broken"),
        ("http://public.example\\@127.0.0.1/", "url_credentials"),
        ("http://a@b@127.0.0.1/", "url_credentials"),
        ("http:\\\\127.0.0.1/", "url_no_host"),
        ("http://127.0.0.1%00.example.test/", "url_broken"),
        ("http://example.test:80:22/", "url_broken"),
        ("https://example.test:0/", "url_port"),
        ("gopher://127.0.0.1:6379/_INFO", "url_scheme"),
        ("HTTP://example.test:6379/", "url_port"),
    ],
)
def test_forms_that_are_refused_before_any_look_up(url: str, code: str) -> None:
    async def never(host: str, port: int) -> list[str]:
        raise AssertionError("looked up")

    failure = fetch(url, Network(resolve=never)).failure
    assert failure is not None
    assert failure.code == code
    assert failure.th


@pytest.mark.parametrize("to", ["ftp://example.test/x", "file:///etc/passwd", "http://u:p@example.test/", "http://[/"])
def test_redirects_are_vetted_like_links(world: World, to: str) -> None:
    failure = fetch(world.redirect("/go", to)).failure
    assert failure is not None
    assert failure.code.startswith("url_") or failure.code == "answer_broken"


def test_tls_verifies_the_name_though_the_address_is_pinned(tmp_path) -> None:
    authority = Authority()
    with serving(authority.server(tmp_path, "www.example.test", 90)) as world:
        world.serve("/", page("x"))
        trusting = open_network(tls=authority.trusted())
        right = fetch(world.url(), trusting)
        assert right.ok
        assert right.certificate_until is not None
        wrong = fetch(world.url("/", "other.example.test"), trusting)
        assert wrong.failure is not None
        assert wrong.failure.code == "certificate_name"


def test_proxies_of_the_environment_are_not_used(world: World, monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert fetch(world.serve("/", page("x"))).ok


def test_nothing_but_the_network_of_a_test_opens_loopback(monkeypatch) -> None:
    """No limit, option or variable speaks of addresses; the command makes its fetcher without arguments."""
    assert not [name for name in Limits.__dataclass_fields__ if "private" in name or "loop" in name]
    source = inspect.getsource(oit)
    assert "Fetcher()" in source
    assert "Network" not in source
    assert Fetcher(QUICK)._network.may_connect is is_public
    assert Network().tls.verify_mode is ssl.CERT_REQUIRED
    assert Network().tls.check_hostname
