"""Official documents from live data, an agency's own templates, and the record of downloads."""
