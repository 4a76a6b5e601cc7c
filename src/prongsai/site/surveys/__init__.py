"""Surveys of a round: questionnaires as asked, codes, the letterbox in the database, and what comes out of it."""
