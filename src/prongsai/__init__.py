"""Prongsai (โปร่งใส): integrity and transparency assessment of public agencies, exactly and openly."""

__version__ = "0.1.0"
