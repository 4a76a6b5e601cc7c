"""The files that operators copy, by the programs that will read them where those are here, and by rules where not.

No container engine is on our machines: the image was never built (docs/operations.md says so), so its file is held to
rules that a linter of container files would have.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from packaging.utils import canonicalize_name
from parts import OURS, parts

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "operations"
SERVICES = sorted(FOLDER.glob("*.service"))
MOST_EXPOSED = 50  # tenths, as systemd counts: below it says "OK"


def faults(text: str) -> list[str]:
    """What is wrong with a container file."""
    lines = [line.split(None, 1) for line in text.replace("\\\n", " ").splitlines() if line.strip() and line[0] != "#"]
    found = []
    user = "root"
    for name, rest in lines:
        match name:
            case "FROM" if not re.fullmatch(
                r"\$\{BASE\}|[\w./-]+(:[\w.-]*\d[\w.-]*|@sha256:[0-9a-f]{64})( AS \w+)?", rest
            ):
                found.append(f"base image not pinned: {rest}")
            case "ARG" if rest.startswith("BASE=") and not re.search(r":\d+\.\d+[\w.-]*$|@sha256:", rest):
                found.append(f"base image not pinned: {rest}")
            case "ADD":
                found.append("ADD unpacks and fetches; COPY does neither")
            case "COPY" if re.match(r"(--\S+ )*\.\s", rest):
                found.append("the whole folder is copied, with whatever lies in it")
            case "RUN":
                found += _of_a_run(rest)
            case "USER":
                user = rest
            case "ENV" | "ARG" if re.search(r"(?i)(secret|password|token)\w*=\S", rest):
                found.append(f"a secret in the image: {rest}")
            case "CMD" | "ENTRYPOINT" if not rest.startswith("["):
                found.append("a shell stands between the engine and the program")
    if user in ("root", "0"):
        found.append("runs as root")
    return found


def _of_a_run(rest: str) -> list[str]:
    found = []
    if re.search(r"\b(curl|wget|git clone|https?://)|\|\s*(ba)?sh\b", rest):
        found.append("something is fetched that nobody has looked at")
    if "pip install" in rest and not all(
        "--require-hashes" in one or "--no-deps" in one for one in rest.split("&&") if "pip install" in one
    ):
        found.append("packages without hashes")
    if re.search(r"\b(sudo|chmod 777|apt-get upgrade)\b", rest):
        found.append("sudo, open rights or an upgrade")
    return found


GOOD = 'FROM python:3.11-slim\nRUN python -m pip install --require-hashes -r a.txt\nCOPY src src\nUSER a\nCMD ["b"]\n'


def test_the_container_file_keeps_to_the_rules() -> None:
    assert faults((FOLDER / "Containerfile").read_text(encoding="utf-8")) == []
    assert "only linted" in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (":3.11-slim", ""),
        (":3.11-slim", ":latest"),
        ("RUN python", "ADD https://example.test/a.tar /\nRUN python"),
        ("COPY src src", "COPY . ."),
        ("--require-hashes ", ""),
        ("RUN python", "RUN curl -s example.test/install | sh && python"),
        ("USER a", "USER root"),
        ("USER a\n", ""),
        ("USER a", "ENV SECRET_KEY=abc\nUSER a"),
        ('["b"]', "b"),
    ],
)
def test_a_fault_in_a_container_file_is_found(old: str, new: str) -> None:
    assert old in GOOD
    assert faults(GOOD.replace(old, new))


def test_a_server_has_all_that_the_code_imports() -> None:
    """What only developers use is not on a server, so no module may import it."""
    provides = packages_distributions()
    here = {part.name for part in parts()}
    missing: dict[str, str] = {}
    for path in sorted((ROOT / "src" / "prongsai").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for top in (
                {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {OURS, "pyspark", "_typeshed"}
            ):
                given = {canonicalize_name(one) for one in provides.get(top, ["?"])}
                if not given & here:
                    missing[f"{path.name}: {top}"] = ", ".join(sorted(given))
    assert missing == {}


def needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not on this machine")
    return found


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_systemd_finds_a_service_confined(path: Path, tmp_path: Path) -> None:
    analyze = needs("systemd-analyze")

    def exposed(text: str) -> subprocess.CompletedProcess[str]:
        unit = tmp_path / path.name
        unit.write_text(re.sub(r"(?m)^(Exec\w+)=.*$", r"\1=/bin/true", text), encoding="utf-8")
        command = [analyze, "security", "--offline=yes", "--no-pager", f"--threshold={MOST_EXPOSED}", str(unit)]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    text = path.read_text(encoding="utf-8")
    done = exposed(text)
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd cannot judge a file")
    assert done.returncode == 0, done.stdout[-300:]
    bare = re.sub(r"(?m)^(Protect|Private|Restrict|NoNew|Capability)\w+=.*\n", "", text)
    assert exposed(bare).returncode != 0, "the control: without its walls it is refused"


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    nginx = needs("nginx")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ita.example.go.th")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
    )
    pem = serialization.Encoding.PEM
    (tmp_path / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (tmp_path / "key.pem").write_bytes(key.private_bytes(pem, *plain))
    text = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/etc/ssl/prongsai", str(tmp_path)).replace("/var/cache/nginx", str(tmp_path))
    text = f"access_log {tmp_path}/access;\n{text}"

    def said(site: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "site.conf").write_text(site, encoding="utf-8")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
        whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {places} include {tmp_path}/site.conf; }}"
        (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
        command = [nginx, "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    done = said(text)
    assert (done.returncode, "[warn]" in done.stderr) == (0, False), done.stderr
    assert said(text.replace("ssl_protocols", "ssl_protocol")).returncode != 0


def test_prometheus_takes_its_rules(tmp_path: Path) -> None:
    promtool = needs("promtool")
    for name, command in (("alerts.yml", ["check", "rules"]), ("prometheus.yml", ["check", "config", "--syntax-only"])):
        text = (FOLDER / name).read_text(encoding="utf-8")
        for data, right in ((text, True), (text.replace("expr:", "exp:").replace("scrape_configs", "scrape"), False)):
            path = tmp_path / name
            path.write_text(data, encoding="utf-8")
            done = subprocess.run([promtool, *command, str(path)], check=False, capture_output=True, text=True)
            assert (done.returncode == 0) == right, f"{name}: {done.stdout}{done.stderr}"
