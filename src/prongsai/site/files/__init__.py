"""Uploaded and frozen files: kept by content with their hash, checked by what they are."""
