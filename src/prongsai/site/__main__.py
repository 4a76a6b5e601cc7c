"""``python -m prongsai.site COMMAND``: Django's own commands (migrate, check, …)."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
    execute_from_command_line(["prongsai.site", *sys.argv[1:]])
