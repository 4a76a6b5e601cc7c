"""Told inside the transaction in which a release became readable, or was taken back (``release``: its newest)."""

from django.dispatch import Signal

published = Signal()
withdrawn = Signal()
