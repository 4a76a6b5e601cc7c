"""Rounds, their stage calendar with recorded extensions, and each agency's assessment in them."""
