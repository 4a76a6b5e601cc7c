"""The mirror of ``documents/``: what agencies publish is read back, audited and, where it can be, repaired."""
