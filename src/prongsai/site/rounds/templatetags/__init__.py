"""The frame around an agency's pages."""
