"""The site's settings under test: a folder of its own, cheap password hashes, mail kept in memory."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

# Each worker has its own: in one folder two that do the same to rows of the same number hold each other's locks.
# What the controller of a run made for itself is known by its name, and is not the workers'.
if "PRONGSAI_DATA" not in os.environ or (
    os.environ.get("TEST_DATA_OF") not in (None, os.environ.get("PYTEST_XDIST_WORKER", "alone"))
):
    os.environ["TEST_DATA_OF"] = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    os.environ["PRONGSAI_DATA"] = tempfile.mkdtemp(prefix="prongsai-test-")
    atexit.register(shutil.rmtree, os.environ["PRONGSAI_DATA"], ignore_errors=True)
os.environ.setdefault("PRONGSAI_SECRET_KEY", "only for tests")
os.environ.setdefault("PRONGSAI_SECOND_FACTOR", "[]")  # only offered; test_second_factor turns the demand on
os.environ.setdefault("PRONGSAI_PICTURES", "false")  # Chromium has tests of its own

from prongsai.site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
