"""Django's settings, from the environment (``env.py``) and nothing else."""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy

from prongsai.site.env import Provider, environment

ENV = environment()
DATA = ENV.data.resolve()
DATA.mkdir(parents=True, exist_ok=True, mode=0o700)


def _secret() -> str:
    if ENV.secret_key:
        return ENV.secret_key
    kept = DATA / "secret-key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return kept.read_text(encoding="utf-8").strip()


SECRET_KEY = _secret()
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.hosts
ROOT_URLCONF = "prongsai.site.urls"
WSGI_APPLICATION = "prongsai.site.wsgi.application"
LEDGER_KEY = (ENV.ledger_key or DATA / "ledger-key.pem").resolve()
LEDGER_KEYS = LEDGER_KEY.with_name("ledger-public.pem")  # the public halves of every key there was
KEYS = (ENV.keys or DATA.with_name(DATA.name + "-keys")).resolve()  # beside the data, so that its backup has none
OPENDATA = DATA / "opendata"  # published revisions, one folder each, never changed
SITE_ADDRESS = ENV.address.rstrip("/")

# Lower rooms first: an app imports only from apps above it in this list (tests/site/test_rooms.py).
ROOMS = (
    "base",
    "files",
    "history",
    "agencies",
    "people",
    "rounds",
    "results",
    "notices",
    "surveys",
    "ask",
    "fieldwork",
    "inspection",
    "plans",
    "nation",
    "papers",
    "approval",
    "opendata",
    "portal",
    "api",
    "exchange",
    "integrity",
    "operation",
    "privacy",
    "desk",
    "demo",
)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django_tasks",
    "django_tasks_db",
    *(f"prongsai.site.{room}" for room in ROOMS),
]
MIDDLEWARE = [
    "prongsai.site.base.headers.HeadersMiddleware",  # around all answers; it looks at no request
    "prongsai.site.ask.middleware.SurfaceMiddleware",  # then: what is below /a/ never meets the rest
    "prongsai.site.operation.middleware.OperationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "prongsai.site.api.front.ApiMiddleware",  # before sessions and cookies: no answer of the API depends on them
    "django.contrib.sessions.middleware.SessionMiddleware",
    "prongsai.site.base.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "prongsai.site.base.bodies.BodyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "prongsai.site.people.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "prongsai.site.people.middleware.OneTimePasswordMiddleware",
    "prongsai.site.people.middleware.SecondFactorMiddleware",
    "prongsai.site.people.denied.DeniedMiddleware",  # before the next one, which has the first word on what is refused
    "prongsai.site.people.middleware.AdministrationMiddleware",
    "prongsai.site.base.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "base" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "prongsai.site.base.context.page",
            ],
            "builtins": ["prongsai.site.base.templatetags.prongsai"],
        },
    }
]

FORM_RENDERER = "prongsai.site.base.forms.Renderer"

# --- database: settings measured to lose no write under load (docs/decisions)


def _database() -> dict[str, Any]:
    if ENV.database_url:
        return dict(dj_database_url.parse(ENV.database_url, conn_max_age=600, conn_health_checks=True))
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "prongsai.sqlite3",
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
            ),
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people and login

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "prongsai.site.people.passwords.ContextWords", "OPTIONS": {"least": 10}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "prongsai.site.people.login.Adapter"
SOCIALACCOUNT_ADAPTER = "prongsai.site.people.login.ProviderAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}  # many small offices share one mailbox, so an address names nobody
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_FORMS = {
    "login": "prongsai.site.people.login_forms.SignIn",
    "reauthenticate": "prongsai.site.people.login_forms.PasswordAgain",
    "change_password": "prongsai.site.people.login_forms.NewPassword",
}
ACCOUNT_RATE_LIMITS = {"login_failed": "10/15m/key"}  # axes locks sooner and says so; this one guards the codes
MFA_ADAPTER = "prongsai.site.people.login.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "prongsai.site.people.login_forms.Code",
    "reauthenticate": "prongsai.site.people.login_forms.CodeAgain",
    "activate_totp": "prongsai.site.people.login_forms.FirstCode",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # telephones' clocks may be half a minute off
MFA_TOTP_ISSUER = "Prongsai"


def login_providers(known: list[Provider]) -> dict[str, Any]:
    """The login library's shape of the identity providers in the environment."""
    apps = [
        {
            "provider_id": p.id,
            "name": p.name,
            "client_id": p.client_id,
            "secret": p.secret,
            "settings": {
                "server_url": p.server_url,
                "issuer": p.issuer,
                "claim": p.claim,
                "second_factor": p.second_factor,
            },
        }
        for p in known
    ]
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


SOCIALACCOUNT_PROVIDERS = login_providers(ENV.oidc)
SECOND_FACTOR = frozenset(ENV.second_factor)  # kinds of roles
FIRST_PASSWORD = dt.timedelta(days=14)  # in which a password that was handed out must have been used
ADMINISTRATION = dt.timedelta(hours=1)  # for which the system's administrator uses the rights, then begins anew
SESSION_ENGINE = "prongsai.site.people.sessions"
SESSION_IDLE = dt.timedelta(minutes=ENV.session_idle_minutes)
SESSION_COOKIE_AGE = ENV.session_hours * 3600  # seconds since signing in, however much it is used
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
AXES_HANDLER = "prongsai.site.people.lockout.Handler"
AXES_USERNAME_CALLABLE = "prongsai.site.people.lockout.name_of"
AXES_CLIENT_IP_CALLABLE = "prongsai.site.people.lockout.address_of"
AXES_FAILURE_LIMIT = 8  # from one address on one account
# Neither holds for a browser in which the person signed in before (people/lockout.py).
LOCKOUT_ACCOUNT = 40  # from all addresses on one account
LOCKOUT_ADDRESS = 100  # from one address on all accounts: a whole ministry may stand behind one
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_VERBOSE = False

# --- language and time: Thai first; storage in UTC, deadlines and screens in Bangkok

LANGUAGE_CODE = "th"
LANGUAGES = [("th", gettext_lazy("Thai")), ("en", gettext_lazy("English"))]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Bangkok"
USE_TZ = True
USE_I18N = True

# --- files

MEDIA_ROOT = DATA / "files"  # private: served by views that ask who may have them
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [("fonts", DATA / "fonts")]
for _folder in (DATA / "fonts", STATIC_ROOT):
    _folder.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG  # otherwise from STATIC_ROOT, which `prongsai serve` fills, compressed
WHITENOISE_MAX_AGE = 3600
UPLOAD_LIMIT = ENV.upload_limit_mb * 1024 * 1024
CLAMAV = ENV.clamav  # asked by files/scanner.py
UPLOADS_AT_ONCE = 20  # in one form; the archive of an agency holds many files and may have as much
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- security headers

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *{"{0.scheme}://{0.netloc}".format(urlsplit(p.server_url)) for p in ENV.oidc}],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Over HTTPS the names promise the browser that this host alone set them (RFC 6265bis, “__Host-”).
_HOST = "__Host-" if ENV.https else ""
SESSION_COOKIE_NAME = _HOST + "sessionid"
CSRF_COOKIE_NAME = _HOST + "csrftoken"
KNOWN_DEVICE_COOKIE = _HOST + "device"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # pages hold the token that forms and htmx send
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "prongsai.site.base.views.session_over"
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
SECURE_SSL_REDIRECT = False  # the server before us does it
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.https else None

# --- messages and jobs


def _email() -> dict[str, Any]:
    parts = urlsplit(ENV.email_url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in ("smtp", "smtp+tls") or not parts.hostname:
        raise SystemExit("PRONGSAI_EMAIL_URL: expected console:, smtp://user:password@host:port or smtp+tls://…")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }


globals().update(_email())
DEFAULT_FROM_EMAIL = ENV.email_from
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": _MEMORY},
    "pages": {"BACKEND": _MEMORY, "LOCATION": "pages", "TIMEOUT": 3600, "OPTIONS": {"MAX_ENTRIES": 2000}},  # some 20 MB
}
METRICS_TOKEN = ENV.metrics_token
PRIVACY_CONTACT = ENV.privacy_contact
SECURITY_CONTACT = ENV.security_contact
# Of each server process, for base/overload.py: threads, how many of them pages may hold, seconds that respondents wait.
THREADS, PATIENCE = ENV.threads, ENV.patience
PAGES = min(ENV.pages or THREADS * 5 // 8, THREADS - 2)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"told": {"()": "prongsai.site.operation.logs.Told", "style": ENV.log}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "told"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own handlers would write what the formatter leaves out.
    "loggers": {name: {"handlers": [], "propagate": True, "level": "WARNING"} for name in ("django", "django.server")},
}
SILENCED_SYSTEM_CHECKS = [
    "axes.W003",  # allauth's backend stands beside axes' own
]
