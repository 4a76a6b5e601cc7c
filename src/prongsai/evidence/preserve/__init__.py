"""Copies of what was disclosed, kept so that a dead link changes nothing later; begin at ``copies.py``."""
