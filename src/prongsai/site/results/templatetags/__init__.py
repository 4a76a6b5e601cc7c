"""Tags of the results pages."""
