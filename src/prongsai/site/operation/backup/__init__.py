"""Backups of a running site, and back: database, files, and only on demand the secrets (docs/operations.md)."""
