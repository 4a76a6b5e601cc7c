"""One agency's year as a folder for its own website: pages, documents, data, badge; no script, relative links only."""
