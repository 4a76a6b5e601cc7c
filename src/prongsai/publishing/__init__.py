"""Publishing: rounds as open data, one agency's year as a folder for its own website. Plain data in, files out."""
