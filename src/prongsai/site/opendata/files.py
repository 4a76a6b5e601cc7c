"""The files of a published release: found in the list of what was published, never by joining what somebody typed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from prongsai.publishing.read import SUMS
from prongsai.site.opendata.models import Release

_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".jsonl": "application/jsonl; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Listed:
    """A file: its path below the release, bytes, SHA-256."""

    path: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """Its last part."""
        return self.path.rpartition("/")[2]

    @property
    def media(self) -> str:
        """The media type."""
        return _TYPES.get(Path(self.path).suffix, "text/plain; charset=utf-8")


def listing(release: Release) -> list[Listed]:
    """All files of a release in the order of their paths, the list of checksums last."""
    return list(_listed(release.folder, release.digest).values())


def listed(release: Release, path: str) -> Listed | None:
    """One of them; None for anything else."""
    return _listed(release.folder, release.digest).get(path)


def whole(release: Release) -> Path:
    """All of them in one ZIP."""
    return release.folder.with_suffix(".zip")


@lru_cache(maxsize=64)
def _listed(folder: Path, digest: str) -> dict[str, Listed]:
    """A release never changes, so its folder and digest are all there is to know."""
    found = {}
    for line in (folder / SUMS).read_text(encoding="utf-8").splitlines():
        sha256, _, path = line.partition("  ")
        found[path] = Listed(path, (folder / path).stat().st_size, sha256)
    found[SUMS] = Listed(SUMS, (folder / SUMS).stat().st_size, digest)
    return found
