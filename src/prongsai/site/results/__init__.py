"""Results: imports with a dry run, and the pages that show and explain a score."""
