"""Export and import of one agency."""
