"""The respondent's surface: begin reading at ``surface.py``."""
