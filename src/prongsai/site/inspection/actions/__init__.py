"""Every change of state of this room, one file per group; imported here so that the log knows their sentences."""

from prongsai.site.inspection.actions import assign, check, clarify, confirm, distribute, fill, mark  # noqa: F401
