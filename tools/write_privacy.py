"""Writes the generated part of docs/security/privacy.md from the inventory."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "security" / "privacy.md"

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
    data = tempfile.TemporaryDirectory(prefix="prongsai-docs-")
    os.environ.setdefault("PRONGSAI_DATA", data.name)
    import django

    django.setup()
    from prongsai.site.privacy.document import put_into

    PAGE.write_text(put_into(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
