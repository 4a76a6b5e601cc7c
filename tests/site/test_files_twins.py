"""The same bytes are kept once: who keeps them anew while the last row of them goes must not lose them."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from prongsai.site.files.keep import Received, keep
from prongsai.site.files.models import Stored
from prongsai.site.privacy.shredders import forget_file


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_bytes_that_are_kept_anew_while_their_last_row_goes_stay() -> None:
    received = Received("ผล.csv", "csv", b"a,b\n1,2\n")
    old = keep(received, None, None)
    kept: list[Stored] = []

    def again() -> None:
        kept.append(keep(received, None, None))
        connection.close()

    with transaction.atomic():
        assert forget_file(old)
        other = threading.Thread(target=again)
        other.start()
        other.join(1)  # it has found the old row, or waits for it
    other.join(10)
    assert kept[0].read() == received.data
    assert Stored.objects.count() == 1
