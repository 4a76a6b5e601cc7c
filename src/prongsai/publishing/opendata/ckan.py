"""CKAN: what ``package_create`` and ``resource_create`` take, and sending it to a catalogue that its owner names.

Thai government catalogues are CKAN with more fields; those that are known stand beside the ordinary ones, which a plain
CKAN leaves aside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prongsai.errors import InputError, Problem
from prongsai.json_text import read_json
from prongsai.publishing.opendata import government
from prongsai.publishing.opendata.entry import Entry
from prongsai.publishing.read import check_sums

NAME = "ckan.json"
_KEPT = ("title", "organization", "description", "keywords", "license", "contact_name", "contact_email")
_SECONDS = 60


def write(entry: Entry) -> str:
    """One JSON document: ``package`` for package_create, ``resources`` for resource_create with the file of each."""
    about, published = entry.about, entry.published
    package: dict[str, Any] = {
        "name": published.name,
        "title": entry.title_th,
        "notes": entry.description_th,
        "owner_org": about.organisation,
        "license_id": about.licence.id if about.licence else None,
        "maintainer": about.contact_name,
        "maintainer_email": about.contact_email,
        "version": str(published.revision),
        "url": about.address,
        "tags": [{"name": word} for word in about.keywords],
        "extras": [
            {"key": "framework", "value": f"{published.framework.id} v{published.framework.version}"},
            {"key": "title_en", "value": entry.title_en},
        ],
    }
    package |= {field: value for field, _, value in government.facts(entry) if field not in _KEPT}
    resources = [
        {
            "path": file.path,
            "name": file.title[0],
            "description": file.title[1],
            "format": file.format.partition("-")[0].upper(),
            "mimetype": file.media,
            "size": file.size,
            "hash": file.sha256,
        }
        for file in entry.files
    ]
    known = {key: value for key, value in package.items() if value is not None}
    return json.dumps({"package": known, "resources": resources}, ensure_ascii=False, indent=2) + "\n"


def push(release: Path, endpoint: str, token: str) -> list[str]:
    """Send a release to a catalogue; returns the names of what was made. An existing data set is never changed.

    ``endpoint``: the catalogue's address. Raises ``InputError`` with what the catalogue answered; a data set of which a
    file could not be sent stays there as a draft of the catalogue and is named in the error.
    """
    import httpx

    check_sums(release)
    told = read_json((release / NAME).read_text(encoding="utf-8"))
    address = f"{endpoint.rstrip('/')}/api/3/action"
    with httpx.Client(headers={"Authorization": token}, timeout=_SECONDS, follow_redirects=False) as client:
        made = _call(client, f"{address}/package_create", {"json": told["package"]})
        names = [str(made["name"])]
        for resource in told["resources"]:
            path = resource["path"]
            fields = {key: str(value) for key, value in resource.items() if key != "path"}
            with (release / path).open("rb") as file:
                sent = {"data": {"package_id": made["id"], **fields}, "files": {"upload": (Path(path).name, file)}}
                _call(client, f"{address}/resource_create", sent)
            names.append(path)
    return names


def _call(client: Any, address: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    import httpx

    try:
        answer = client.post(address, **sent)
        said = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise _refused(address, str(error) or type(error).__name__) from error
    if not isinstance(said, dict) or not said.get("success"):
        reason = said.get("error") if isinstance(said, dict) else said
        raise _refused(address, json.dumps(reason, ensure_ascii=False)[:500])
    return dict(said["result"])


def _refused(address: str, reason: str) -> InputError:
    return InputError(
        Problem(
            "export.ckan",
            address,
            f"ระบบบัญชีข้อมูลไม่รับ: {reason}",
            f"the catalogue refused: {reason}",
            "โปรดตรวจสอบที่อยู่ รหัสผู้ใช้ (token) ชื่อองค์กร และชื่อชุดข้อมูลซ้ำ",
        )
    )
