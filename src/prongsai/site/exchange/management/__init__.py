"""Export and import of one agency on the command line."""
