"""Tags of the respondent's pages."""
