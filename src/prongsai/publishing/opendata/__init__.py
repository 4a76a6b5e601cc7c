"""One round as open data: tables in several formats, schema, catalogue entries, dictionary, checksums."""
