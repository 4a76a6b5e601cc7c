"""The Django project: one app per room that people use, over the plain-Python floors below."""
