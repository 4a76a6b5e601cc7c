"""How an installation is watched: health, readiness, metrics, log, and the doctor's checks (docs/operations.md)."""
