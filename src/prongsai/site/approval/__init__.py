"""Frozen bundles, the chain of ranks that decides on them, signatures, circulation."""
