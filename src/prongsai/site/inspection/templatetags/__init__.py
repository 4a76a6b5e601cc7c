"""Tags of OIT pages."""
