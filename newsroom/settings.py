"""All settings. Those that differ between installations come from the environment; README.md lists them."""

import datetime as dt
import os
import re
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from articles.installation import data_folder

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Laptop or production -------------------------------------------------------------------------

# Not by django-environ, which reads a value that begins with $ as the name of another variable.
SECRET_KEY = os.environ.get("SECRET_KEY", "")
# Without SECRET_KEY this is a laptop, served to localhost only; with it, or under a web server (wsgi.py), production.
DEBUG = env.bool("DEBUG", default=not SECRET_KEY)
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set, and DEBUG is off: set SECRET_KEY to 50 or more random characters, "
            "or DEBUG=true on a laptop"
        )
    SECRET_KEY = "django-insecure-only-for-a-laptop-where-debug-is-on"  # noqa: S105 - public on purpose

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Newsroom's own -------------------------------------------------------------------------------

# A page may have 60,000 characters, which are less than this in every encoding (articles/reading/formats/page_size.py).
# A larger file is rejected before it is read.
NEWSROOM_MAX_PAGE_BYTES = env.int("NEWSROOM_MAX_PAGE_BYTES", default=1024 * 1024)
NEWSROOM_LOAD_STATUS = env.str("NEWSROOM_LOAD_STATUS", default="published")
if NEWSROOM_LOAD_STATUS not in {"published", "draft"}:
    raise ImproperlyConfigured(
        f"NEWSROOM_LOAD_STATUS is {NEWSROOM_LOAD_STATUS!r}: set it to 'published' or 'draft'"
    )
NEWSROOM_PUBLICATION = env.str("NEWSROOM_PUBLICATION", default="")
NEWSROOM_HOME = env.str("NEWSROOM_HOME", default="")
NEWSROOM_CONTACT = env.str("NEWSROOM_CONTACT", default="webmaster@localhost")
NEWSROOM_WEBHOOKS_PRIVATE = env.bool("NEWSROOM_WEBHOOKS_PRIVATE", default=False)
NEWSROOM_HTTPS = env.bool("NEWSROOM_HTTPS", default=not DEBUG)
# The reading site at `/`: what is published, for everybody. Off in production until somebody decides to publish.
NEWSROOM_SITE = env.bool("NEWSROOM_SITE", default=DEBUG)
NEWSROOM_ADMIN_PATHS = ("/admin/", "/i18n/")
"""All addresses of the admin, and of the form that chooses its language, begin with one of these."""
NEWSROOM_API_PATH = "/api/"
"""All addresses of the API begin with this path, and those of its resources with NEWSROOM_API_ROOT."""
NEWSROOM_API_ROOT = f"{NEWSROOM_API_PATH}v1/"

# --- Django ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "articles",
    "newsroom.apps.NewsroomAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "csp",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "simple_history",
    "axes",
]
MIDDLEWARE = [
    "newsroom.middleware.request_id_and_log",
    "newsroom.health.health_checks",
    "django.middleware.security.SecurityMiddleware",
    # Before WhiteNoise, which answers requests for static files.
    "newsroom.middleware.security_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "newsroom.middleware.chosen_language",
    # Outside of all that may answer, so that a page of another origin can read each response, also an error.
    "articles.api.http.cross_origin.cross_origin_reads",
    "articles.api.http.throttles.rate_limit_headers",
    "newsroom.middleware.limit_body_size",
    "newsroom.middleware.reject_nul",
    # Before all that identifies the user.
    "articles.api.http.response_cache.ResponseCache",
    "articles.api.http.compression.PublicGZip",
    "newsroom.middleware.DatabaseBusyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Gives the history the user who makes a change.
    "simple_history.middleware.HistoryRequestMiddleware",
    # Last, because its response replaces the view's.
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = [
    # Logs no user in: it blocks those who failed too often.
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "newsroom" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Text lines on a laptop; in production JSON, with a line for each request. Without this handler Django would mail errors
# to ADMINS, which is empty, and lose them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "newsroom.log_formatters.TextFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "newsroom.log_formatters.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line" if DEBUG else "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"level": "INFO"},
        # What takes long is announced.
        "articles": {"level": "INFO"},
        # The lines of runserver for each request.
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "newsroom.access": {"level": "WARNING" if DEBUG else "INFO"},
        # Successful logins are in the audit; failed ones in the log too.
        "axes": {"level": "WARNING"},
    },
}

# --- Database -------------------------------------------------------------------------------------


def _database(setting: str) -> dict[str, Any]:
    """The database that a setting names, else a SQLite file; no ATOMIC_REQUESTS with either.

    On SQLite, ATOMIC_REQUESTS would make every read take the write lock.
    """
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": data_folder() / "newsroom.sqlite3"}
    database: dict[str, Any] = sqlite
    if setting in os.environ:
        with warnings.catch_warnings(action="ignore"):  # about a malformed URL, which is reported below
            database = env.db_url(setting)
    if database.get("ENGINE") not in {sqlite["ENGINE"], "django.db.backends.postgresql"}:
        raise ImproperlyConfigured(
            f"{setting} names no supported database: set it as in 'sqlite:///newsroom.sqlite3' or"
            " 'postgres://paper:secret@localhost/newsroom', or leave it out"
        )
    if database["ENGINE"] == sqlite["ENGINE"]:
        # Opening the file takes half the time of a short response. The development server has a thread for each request.
        database["CONN_MAX_AGE"] = 0 if DEBUG else None
        database["OPTIONS"] = {
            "timeout": 20,  # seconds that a writer waits for another; less than gunicorn's 30 for a request
            "transaction_mode": "IMMEDIATE",  # a deferred transaction fails at once when it starts to write
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        } | database.get("OPTIONS", {})
    else:
        database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
        # As on SQLite; without a timeout a writer would wait until gunicorn kills the worker.
        database["OPTIONS"] = {"options": "-c lock_timeout=20s"} | database.get("OPTIONS", {})
        # `?pool=8`: the threads of a process share 8 connections; without it each thread has its own.
        if most := database["OPTIONS"].get("pool"):
            database["CONN_MAX_AGE"] = 0  # the pool keeps connections open
            database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": most, "timeout": 20}
    return database


DATABASES = {"default": _database("DATABASE_URL")}
if "REPLICA_URL" in os.environ:
    DATABASES["replica"] = _database("REPLICA_URL")
    DATABASE_ROUTERS = ["newsroom.read_replica.ReplicaRouter"]
    MIDDLEWARE.insert(
        MIDDLEWARE.index("articles.api.http.response_cache.ResponseCache"),
        "newsroom.read_replica.choose_database",
    )
# The queue of `loadseeds --queue` needs PostgreSQL and an optional package.
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql" and find_spec("procrastinate"):
    INSTALLED_APPS.append("procrastinate.contrib.django")
    PROCRASTINATE_IMPORT_PATHS = ["articles.loading.queue.tasks"]

# --- Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
FORMAT_MODULE_PATH = ["newsroom.formats"]
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
# Translations of the site; Django finds those of the apps.
LOCALE_PATHS = [BASE_DIR / "newsroom" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Static files ---------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "newsroom" / "static"]
# Static files are served from the packages, without collectstatic.
WHITENOISE_USE_FINDERS = True
# Set here because tests switch DEBUG off: each test client would list all static files.
WHITENOISE_AUTOREFRESH = DEBUG

# --- Security -------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = NEWSROOM_HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = NEWSROOM_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# One login a week: with shorter sessions, users of shared computers save the password in the browser.
SESSION_COOKIE_AGE = 7 * 24 * 3600
# No Referer header to other sites: it would reveal the addresses of drafts.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), usb=()"
)
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if NEWSROOM_HTTPS else 0
# HSTS for subdomains and preloading would affect other sites of the newspaper.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Scripts and styles only from static files, so that scripts in loaded text never run. Images may be inline (data:), as
# in Swagger UI.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Limits on guessing passwords: failures of a name at an address before it must wait (see newsroom/login_lockout.py).
AXES_HANDLER = "newsroom.login_lockout.LockoutHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
# Attempts during a lockout write nothing, so that a flood of them does not block the database.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_CLIENT_IP_CALLABLE = "newsroom.login_lockout.login_address"
AXES_LOCKOUT_CALLABLE = "newsroom.login_lockout.locked_out_page"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken"]
# `manage.py axes_reset_username` ends a lockout; `manage.py audit` lists logins.
AXES_ENABLE_ADMIN = False

# --- REST API -------------------------------------------------------------------------------------


def _rate(name: str, default: str) -> str:
    """The rate in a setting, checked here because DRF would fail only at the first request."""
    rate: str = env.str(name, default=default)
    if not re.fullmatch(r"\d{1,9}/(second|minute|hour|day)", rate, re.ASCII):
        raise ImproperlyConfigured(
            f"{name} is {rate!r}: set it as in '{default}' (second, minute, hour or day)"
        )
    return rate


# Requests by kind of client; each server process counts separately.
NEWSROOM_RATES = {
    "anonymous": _rate("NEWSROOM_RATE_ANONYMOUS", "300/minute"),
    "reader": _rate("NEWSROOM_RATE_READER", "1200/minute"),
    "editorial": "6000/minute",
    "writes": "600/minute",
}
# The number of proxies whose X-Forwarded-For entries are trusted; clients can forge the entries before those.
NEWSROOM_PROXIES = env.int("NEWSROOM_PROXIES", default=0)
if NEWSROOM_PROXIES < 0:
    raise ImproperlyConfigured(
        f"NEWSROOM_PROXIES is {NEWSROOM_PROXIES}: set it to the number of proxies in front"
    )
# Origins besides this one whose pages may send a token, and write; every origin may read what is public.
NEWSROOM_CORS_ORIGINS = env.list("NEWSROOM_CORS_ORIGINS", default=[])
if unlike := [one for one in NEWSROOM_CORS_ORIGINS if not re.fullmatch(r"https?://[^/\s*]+", one)]:
    raise ImproperlyConfigured(
        f"NEWSROOM_CORS_ORIGINS has {unlike[0]!r}: set it as in 'https://archive.example,http://localhost:3000'"
    )
# Bytes of a request body; an article is far smaller.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
REST_FRAMEWORK = {
    # Tokens first, so that a request without rights gets a 401 with a challenge, not a 403.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "articles.api.http.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["articles.api.http.permissions.ActionPermission"],
    "DEFAULT_THROTTLE_CLASSES": ["articles.api.http.throttles.ClientThrottle"],
    "DEFAULT_PARSER_CLASSES": ["articles.api.http.body_parsers.BoundedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "articles.api.representations.FormatNegotiation",
    "DEFAULT_FILTER_BACKENDS": ["articles.api.query.filter_backend.FilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "articles.api.query.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "articles.api.http.problems.handle_exception",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Newsroom",
    "DESCRIPTION": "Articles of a newspaper's printed pages, and the reporters who signed them.",
    "VERSION": "1",
    "CONTACT": {"name": "The newsroom that runs this archive"},
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "SERVERS": [{"url": "/", "description": "The server that answered with this document."}],
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": NEWSROOM_API_ROOT.rstrip("/"),
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "articles.api.openapi.document.complete_document",
    ],
    # Several models have a kind or a status; without these names a client would see KindEf7Enum.
    "ENUM_NAME_OVERRIDES": {
        "ArticleStatus": "articles.models.Article.Status",
        "MentionStatus": "articles.api.serializers.mentions.OUTCOMES",
        "MentionKind": "articles.models.Mention.Kind",
        "VerdictEnum": "articles.models.Mention.Verdict",
        "PlaceKind": "articles.models.Place.Kind",
        "OrganizationKind": "articles.models.Organization.Kind",
    },
    # Swagger UI from a package, not from a CDN.
    "SWAGGER_UI_DIST": "SIDECAR",
}
