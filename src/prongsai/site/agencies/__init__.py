"""Agencies and their units."""
