"""Formats that can be read: one module each with ``read(path) -> Source``."""
