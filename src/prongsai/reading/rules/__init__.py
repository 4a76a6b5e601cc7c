"""Audit rules: one module each with ``RULE`` and ``check(reading) -> Iterator[Finding]``."""
