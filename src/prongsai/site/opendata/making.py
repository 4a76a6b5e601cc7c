"""All that a release consists of, made of one gathering: files, the figures over all agencies, rows, what changes.

Nothing here is visible: the files lie apart, the rows belong to a release that is not published.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from django.conf import settings
from django.utils import timezone

from prongsai.national.book import read as read_book
from prongsai.national.book import write as write_book
from prongsai.national.columns import Mask
from prongsai.national.gather import Gathered
from prongsai.publishing.about import About, load_about
from prongsai.publishing.gather import WITHHELD, Edition, of_gathered
from prongsai.publishing.opendata.release import earlier, write
from prongsai.publishing.read import SUMS
from prongsai.publishing.revisions import beside_earlier
from prongsai.publishing.round import PublishedRound
from prongsai.site.files.keep import Received, keep
from prongsai.site.opendata.changes import as_file, changes
from prongsai.site.opendata.models import Release
from prongsai.site.opendata.project import project
from prongsai.site.opendata.reading import current

FILES, WHOLE = "files", "all.zip"  # below ``Release.staged``
_THEN = (1980, 1, 1, 0, 0, 0)
Told = Callable[[int], None]


@dataclass(frozen=True)
class Made:
    """What is to be published, and what it was before earlier revisions were looked at."""

    published: PublishedRound
    before_rule: PublishedRound
    earlier: list[PublishedRound]


def make(release: Release, gathered: Gathered, told: Told) -> None:
    """Make everything and fill the release's fields; ``told`` hears how many agencies have their rows.

    May be done again from the start at any time. Raises ``InputError`` where an earlier revision cannot be read.
    """
    release.dated = timezone.localdate()
    made = _held_against_earlier(release, gathered)
    shutil.rmtree(release.staged, ignore_errors=True)
    write(made.published, release.staged / FILES, about=_about(release))
    _pack(release.staged / FILES, release.staged / WHOLE)
    release.digest = hashlib.sha256((release.staged / FILES / SUMS).read_bytes()).hexdigest()
    book = public_book(release, gathered, made.published)
    release.book = keep(Received(f"nation-{release.round.slug}-public.zip", "zip", book), None, release.by)
    public = current().filter(round=release.round).first()
    old = made.earlier[public.revision - 1] if public else None
    found = changes(made.published, old, made.before_rule)
    release.withheld = int((found["what"] == "withheld").sum())
    kept = Received(f"changes-{release.round.slug}-r{release.revision}.parquet", "parquet", as_file(found))
    release.changes = keep(kept, None, release.by)
    about = gathered.scores.nation.agencies
    ministries = dict(zip(about["code"].to_list(), about["ministry"].to_list(), strict=True))
    release.agencies = project(release, made.published, ministries, told)


def _held_against_earlier(release: Release, gathered: Gathered) -> Made:
    assert release.dated is not None
    before = earlier(release.folder.parent, release.revision)
    found = of_gathered(gathered, Edition(release.dated, release.revision, release.note))
    return Made(beside_earlier(found, before), found, before)


def public_book(release: Release, gathered: Gathered, published: PublishedRound) -> bytes:
    """The figures over all agencies for everybody, reckoned from what the release shows and from nothing else."""
    agencies = gathered.scores.nation.agencies["code"].to_list()
    withheld = _mask(published.scores.filter(pl.col("origin") == WITHHELD), gathered, agencies)
    errors = _mask(published.uncertainty, gathered, agencies)
    about = read_book(release.result.file.read()).about
    head = {name: about[name] for name in ("round", "agencies_in_round")} | {"revision": release.revision}
    return write_book(gathered.closed(withheld, ~errors), head, public=True)


def _mask(lines: pl.DataFrame, gathered: Gathered, agencies: list[str]) -> Mask:
    """Nodes × agencies: where a table has a line."""
    found = np.zeros(gathered.hidden.shape, bool)
    nodes = {name: place for place, name in enumerate(gathered.scores.nodes)}
    codes = {code: place for place, code in enumerate(agencies)}
    found[
        lines["node"].replace_strict(nodes, return_dtype=pl.Int64).to_numpy(),
        lines["agency_code"].replace_strict(codes, return_dtype=pl.Int64).to_numpy(),
    ] = True
    return found


def _about(release: Release) -> About:
    """What the publisher says of itself in ``about.yaml`` beside the releases; the address is this site's."""
    path = Path(settings.OPENDATA) / "about.yaml"
    found = load_about(path if path.exists() else None)
    here = f"{settings.SITE_ADDRESS}/data/{release.round.slug}"
    return found.model_copy(update={"address": here, "place": f"{here}/revision-{release.revision}"})


def _pack(folder: Path, target: Path) -> None:
    """All files in one; the same files give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            name = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _THEN)
            name.compress_type = zipfile.ZIP_DEFLATED
            name.external_attr = 0o644 << 16
            with archive.open(name, "w") as inside, path.open("rb") as file:
                shutil.copyfileobj(file, inside, 1 << 20)
