"""Field work: surveyors, their quotas, and interviews that come in from telephones without signal."""
