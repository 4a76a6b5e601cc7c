"""The site's parts as a CycloneDX 1.6 document, valid by the standard's own schema: ``make sbom``, build/sbom.json.

Names and versions only: where a part was fetched from is the installation's matter, and stands in no file of ours.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from parts import OURS, Part, parts


def made() -> str:
    """The document. Raises ``ValueError`` where the schema refuses it."""
    found = parts()
    bom = Bom()
    by_name = {part.name: _component(part) for part in found}
    bom.metadata.component = by_name[OURS]
    for name, component in by_name.items():
        if name != OURS:
            bom.components.add(component)
    for part in found:
        bom.register_dependency(by_name[part.name], [by_name[other] for other in part.needs])
    text = str(JsonV1Dot6(bom).output_as_string(indent=1))
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong:
        raise ValueError(f"not CycloneDX 1.6: {wrong}")
    return text


def _component(part: Part) -> Component:
    return Component(
        name=part.name,
        version=part.version,
        type=ComponentType.APPLICATION if part.name == OURS else ComponentType.LIBRARY,
        bom_ref=f"{part.name}=={part.version}",
        purl=PackageURL("pypi", None, part.name, part.version),
        description=part.summary or None,
        licenses=[LicenseExpression(part.licence)] if part.licence else [],
    )


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    text = made()
    target.write_text(text + "\n", encoding="utf-8")
    print(f"{target}: {len(parts())} parts")
