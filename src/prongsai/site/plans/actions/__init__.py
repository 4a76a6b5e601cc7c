"""Every change of a plan, one class each."""

from prongsai.site.plans import progress_actions  # noqa: F401 - the same
from prongsai.site.plans.actions import comments, copies, files, measures, points, whole  # noqa: F401 - their sentences
