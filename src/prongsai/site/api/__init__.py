"""The API below /api/v1: what is published, and what an agency's own systems send."""
