"""Documents are tested on our own PDF route: a fault must not hide behind LibreOffice."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def own_pdf_route(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRONGSAI_PDF_ENGINE", "typst")
