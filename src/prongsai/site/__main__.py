"""``python -m prongsai.site COMMAND``: Django's own commands (migrate, check, …).

``--with=PID`` before the command: end when that process, which began this one, ends.
"""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from prongsai.site.base.parent import ends_with

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
    arguments = sys.argv[1:]
    if arguments and arguments[0].startswith("--with="):
        ends_with(int(arguments.pop(0).partition("=")[2]))()
    execute_from_command_line(["prongsai.site", *arguments])
