"""Exact scores with their trace: sheets to tallies, tallies and verdicts to a score sheet."""
