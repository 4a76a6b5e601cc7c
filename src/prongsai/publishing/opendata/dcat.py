"""``dcat.jsonld``: the same as a DCAT-AP catalogue entry, for harvesters. Nothing is fetched: its context is inside."""

from __future__ import annotations

import json
from typing import Any

from prongsai.publishing.opendata.entry import Entry, File

NAME = "dcat.jsonld"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "owl": "http://www.w3.org/2002/07/owl#",
}
_MEDIA = "http://www.iana.org/assignments/media-types/"
_LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
_YEARLY = "http://publications.europa.eu/resource/authority/frequency/ANNUAL"


def write(entry: Entry) -> str:
    """The catalogue with its one data set."""
    here = entry.address("") or "./"
    dataset = {
        "@id": f"{here}#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": entry.published.name,
        "dct:title": _both(entry.title_th, entry.title_en),
        "dct:description": _both(entry.description_th, entry.description_en),
        "dct:issued": _day(entry),
        "dct:language": [{"@id": f"{_LANGUAGES}{code}"} for code in ("THA", "ENG")],
        "dcat:version": str(entry.published.revision),
        "dcat:keyword": [{"@value": word, "@language": "th"} for word in entry.about.keywords],
        "dcat:distribution": [_distribution(entry, file) for file in entry.files],
        **_people(entry),
    }
    if entry.published.framework.fiscal_year:
        dataset["dct:accrualPeriodicity"] = {"@id": _YEARLY}
        dataset["dct:temporal"] = _period(entry.published.framework.fiscal_year)
    catalogue = {
        "@context": CONTEXT,
        "@id": f"{here}#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _both("ข้อมูลเปิดผลการประเมิน", "Open data of assessment results"),
        "dct:description": _both(entry.description_th, entry.description_en),
        "dcat:dataset": [dataset],
        **{key: value for key, value in _people(entry).items() if key == "dct:publisher"},
    }
    return json.dumps(catalogue, ensure_ascii=False, indent=2) + "\n"


def _distribution(entry: Entry, file: File) -> dict[str, Any]:
    address = {"@id": entry.address(file.path)}
    made: dict[str, Any] = {
        "@id": f"{entry.address(file.path)}#distribution",
        "@type": "dcat:Distribution",
        "dct:title": _both(*file.title),
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dcat:mediaType": {"@id": f"{_MEDIA}{file.media}"},
        "dcat:byteSize": {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"},
        "dct:issued": _day(entry),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        },
    }
    licence = entry.about.licence
    if licence:
        made["dct:license"] = (
            {"@id": licence.url} if licence.url else {"@type": "dct:LicenseDocument", "dct:title": licence.title}
        )
    return made


def _people(entry: Entry) -> dict[str, Any]:
    about, made = entry.about, {}
    if about.publisher:
        agent: dict[str, Any] = {"@type": "foaf:Agent", "foaf:name": about.publisher}
        if about.publisher_url:
            agent["foaf:homepage"] = {"@id": about.publisher_url}
        made["dct:publisher"] = agent
    if about.contact_email or about.contact_name:
        contact: dict[str, Any] = {"@type": "vcard:Kind"}
        if about.contact_name:
            contact["vcard:fn"] = about.contact_name
        if about.contact_email:
            contact["vcard:hasEmail"] = {"@id": f"mailto:{about.contact_email}"}
        made["dcat:contactPoint"] = contact
    return made


def _period(year: int) -> dict[str, Any]:
    from prongsai.thai.fiscal_year import FiscalYear

    span = FiscalYear(year)
    return {
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": {"@value": span.start.isoformat(), "@type": "xsd:date"},
        "dcat:endDate": {"@value": span.end.isoformat(), "@type": "xsd:date"},
    }


def _day(entry: Entry) -> dict[str, str]:
    return {"@value": entry.published.published.isoformat(), "@type": "xsd:date"}


def _both(th: str, en: str) -> list[dict[str, str]]:
    return [{"@value": th, "@language": "th"}, {"@value": en, "@language": "en"}]
