"""Surveys in plain Python: questionnaire, packed answers, one-time codes, letterbox, forms for other tools."""
