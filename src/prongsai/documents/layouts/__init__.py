"""Layouts of the analysis and the measures: one module each, after a real model."""
