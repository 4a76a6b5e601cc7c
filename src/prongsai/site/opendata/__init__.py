"""Published revisions of a round: files that never change, and the same agency by agency for pages and the API."""
