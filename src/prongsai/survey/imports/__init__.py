"""Answers collected elsewhere, brought in: one file per tool they come from, a mapping to check, a dry run first."""
