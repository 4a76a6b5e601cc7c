"""Official documents: one document tree, one file per kind, layout and writer."""
