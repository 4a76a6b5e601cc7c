"""Who publishes: what catalogues ask for and no score can say. What is not given stays unknown and is shown as such."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from prongsai.errors import InputError
from prongsai.framework.load import shape_problems
from prongsai.yaml_file import read

UNKNOWN_TH, UNKNOWN_EN = "ไม่ทราบ", "unknown"


class Licence(BaseModel):
    """The licence that the publisher chose. ``id``: short name, such as an SPDX identifier or that of the catalogue."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    url: str | None = None


class About(BaseModel):
    """The publisher's own statements; every one may be left out, none is guessed.

    ``address``: where the export will stand on the web; ``place``: where this one revision will, where that is not
    ``address``/FRAMEWORK/revision-N; ``organisation``: its name in a CKAN catalogue.
    ``data_type``, ``data_category``, ``coverage``, ``accessible_condition``: words of the government's dataset sheet.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    publisher: str | None = None
    publisher_url: str | None = None
    organisation: str | None = None
    contact_name: str | None = None
    contact_email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+$")
    address: str | None = Field(default=None, pattern=r"^https?://\S+$")
    place: str | None = Field(default=None, pattern=r"^https?://\S+$")
    licence: Licence | None = None
    keywords: tuple[str, ...] = ("ITA", "คุณธรรมและความโปร่งใส", "การประเมินหน่วยงานของรัฐ")
    description: str | None = None
    objective: str | None = None
    data_type: str | None = None
    data_category: str | None = None
    coverage: str | None = None
    accessible_condition: str | None = None
    source: str | None = None


def load_about(path: Path | None) -> About:
    """Read the publisher's file (YAML); nothing known where none is given. Raises ``InputError`` with every problem."""
    if path is None:
        return About()
    file = read(path)
    try:
        return About.model_validate(file.data)
    except ValidationError as error:
        raise InputError(shape_problems(error, file, "publish.about")) from error
