"""Fills a demo database with the example agencies."""
