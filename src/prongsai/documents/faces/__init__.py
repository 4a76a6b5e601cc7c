"""The faces of PDFs: made from Sarabun on this machine when first needed, and kept in the user's cache.

No font file is in the repository or the package; what is made depends only on the installed versions and on
the code here, which together name the folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("fontpkg-sarabun", "fonttools", "uharfbuzz")
CACHE_VARIABLE = "PRONGSAI_CACHE"


@cache
def faces_folder() -> Path:
    """The folder with the faces (``*.ttf``) and ``characters.txt``; makes them in a few seconds if needed.

    ``PRONGSAI_CACHE`` names another place than the user's cache. Raises ``FontMissingError`` without Sarabun.
    """
    folder = _cache() / f"faces-{_key()}"
    if not folder.is_dir():
        from prongsai.documents.faces.make import make_all

        folder.parent.mkdir(parents=True, exist_ok=True)
        half_made = Path(tempfile.mkdtemp(dir=folder.parent))
        try:
            make_all(half_made)
            half_made.replace(folder)
        except OSError:
            if not folder.is_dir():  # another process was quicker: its faces are the same
                raise
        finally:
            shutil.rmtree(half_made, ignore_errors=True)
    return folder


def _cache() -> Path:
    given = os.environ.get(CACHE_VARIABLE)
    if given:
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("prongsai", appauthor=False)


def _key() -> str:
    own = (*sorted(Path(__file__).parent.glob("*.py")), Path(__file__).parent.parent / "thai_clusters.py")
    parts = [*(version(name) for name in _PACKAGES), *(path.read_text(encoding="utf-8") for path in own)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
