"""Django settings, and the only reader of the environment.

Every setting a person may set stands once, in ``settings_table.TABLE``. ``docs/settings.md`` is
tested against it, and so is this module: nothing else in the project may read ``os.environ``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from environs import Env

from broadsheet import caches, databases, logs, object_stores, redis_links
from broadsheet.settings_table import TABLE

_env = Env()
_rows = {row.name: row for row in TABLE}


def read(name: str) -> Any:
    """Return the setting ``name`` of the table, in the type its kind asks for.

    Raises ``KeyError`` for a name that is not in the table and ``environs.EnvError`` for a
    value that does not read as its kind.
    """
    row = _rows[name]
    match row.kind:
        case "flag":
            return _env.bool(name, row.default == "true")
        case "number":
            return _env.int(name, int(row.default))
        case "list":
            return [part.strip() for part in _env.str(name, row.default).split(",") if part.strip()]
        case "folder":
            return Path(_env.str(name, row.default)).expanduser().resolve()
        case _:
            return _env.str(name, row.default)


_SECRET_NAME = re.compile(r"[A-Z0-9_]{1,64}")


def secret(name: str) -> str:
    """Return what ``BROADSHEET_SECRET_<name>`` holds: the password of a feed or a mailbox.

    Its name is what the database stores. Empty where there is none; raises ``ValueError`` for a
    name that is not made of capitals, digits and underscores, 64 at most.
    """
    if not _SECRET_NAME.fullmatch(name):
        raise ValueError("The name of a secret is made of capitals, digits and underscores.")
    value: str = _env.str(f"BROADSHEET_SECRET_{name}", "")
    return value


HOME: Path = read("BROADSHEET_HOME")
DEMO: bool = read("BROADSHEET_DEMO")
DEBUG: bool = read("BROADSHEET_DEBUG")

SECRET_KEY_FILE = HOME / "secret-key"
# Empty is possible here on purpose: `init` and `--help` must run before there is a secret.
# Django itself refuses an empty key at its first use, and `serve` refuses to start.
SECRET_KEY: str = read("BROADSHEET_SECRET_KEY") or (
    SECRET_KEY_FILE.read_text("ascii").strip() if SECRET_KEY_FILE.is_file() else ""
)

LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS: list[str] = read("BROADSHEET_ALLOWED_HOSTS") or LOOPBACK_HOSTS

BASE_URL_FILE = HOME / "base-url"
BASE_URL: str = (
    read("BROADSHEET_BASE_URL")
    or (BASE_URL_FILE.read_text("utf-8").strip() if BASE_URL_FILE.is_file() else "")
    or "http://127.0.0.1:8000"
).rstrip("/")
WAGTAILADMIN_BASE_URL = BASE_URL

INSTALLED_APPS = [
    "broadsheet.accounts",
    "broadsheet.stories",
    "broadsheet.press",
    "broadsheet.wire",
    # Before the letters, as on a story's page.
    "broadsheet.attribution",
    "broadsheet.letters",
    "broadsheet.search",
    "broadsheet.newsroom",
    "broadsheet.newsstand",
    "broadsheet.demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "broadsheet.newsroom.without_api.Redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "broadsheet.newsroom.without_api.Snippets",
    "broadsheet.newsroom.without_api.Documents",
    "broadsheet.newsroom.without_api.Images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Before the host is checked: monitors ask by address, not by name.
    "broadsheet.newsstand.operators.answer_operators",
    "django.middleware.security.SecurityMiddleware",
    "broadsheet.newsroom.content_policy.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "broadsheet.newsroom.two_factor.TwoFactorMiddleware",
    "broadsheet.newsroom.paper_time.PaperTimeMiddleware",
    "broadsheet.newsroom.outage_messages.OutageMessagesMiddleware",
]

ROOT_URLCONF = "broadsheet.urls"
ASGI_APPLICATION = "broadsheet.asgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Django's engine first: the newsroom asks for a template thousands of times a page, and Jinja's
# would look on the disk for each. What is pressed asks Jinja's by itself.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "broadsheet.press.environment.environment"},
    },
]

DATABASES = {"default": databases.described(read("DATABASE_URL"), HOME)}
# Kept, and one for all processes: how often somebody tried to log in is counted here.
CACHE_URL: str = read("CACHE_URL")
CACHES = caches.described(CACHE_URL)
TASKS_URL: str = read("TASKS_URL") and redis_links.checked("TASKS_URL", read("TASKS_URL"))

_STORE_KEYS = (read("BROADSHEET_S3_ACCESS_KEY"), read("BROADSHEET_S3_SECRET_KEY"))
# Where the nodes of a paper share what is pressed and what is uploaded; None: in the home.
PRESS_STORE = object_stores.described("PRESS_URL", read("PRESS_URL"), *_STORE_KEYS)
MEDIA_STORE = object_stores.described("MEDIA_URL", read("MEDIA_URL"), *_STORE_KEYS)
PRESSED_ROOT = HOME / "pressed"
MEDIA_ROOT = HOME / "media"
# Never reachable by readers: what they see of a picture is pressed (broadsheet.press.photos).
MEDIA_URL = "/newsroom/media/"
STATIC_URL = "/static/"
STORAGES = {
    "default": object_stores.django_storage(MEDIA_STORE),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Wagtail's admin files are found in the installed packages, so that no collecting step can
# be forgotten.
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_ADAPTER = "broadsheet.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
# Accounts are made by administrators, who know the address; nobody has to prove one.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = None
# Allauth has the only pages for this, with their limits on how often one may try.
WAGTAIL_PASSWORD_RESET_ENABLED = False
TWO_FACTOR_REQUIRED: bool = read("BROADSHEET_TWO_FACTOR")
MFA_TOTP_ISSUER = "Broadsheet"
# Or nobody could set a factor up: addresses are not proven here, see above.
MFA_ALLOW_UNVERIFIED_EMAIL = True
TRUSTED_PROXIES: int = read("BROADSHEET_TRUSTED_PROXIES")
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

_SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = _SECURE
CSRF_COOKIE_SECURE = _SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# For what Django answers to readers, as strict as for pressed pages; the newsroom has its own.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "base-uri": ["'none'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "img-src": ["'self'", "data:"],
        "manifest-src": ["'self'"],
        "media-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "worker-src": ["'self'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

USE_I18N = True
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
PAPER_LANGUAGES: list[str] = read("BROADSHEET_LANGUAGES") or (
    ["en", "fa", "de"] if DEMO else ["en"]
)
LANGUAGE_CODE = "en"

WAGTAIL_SITE_NAME = "Broadsheet"
WAGTAILIMAGES_IMAGE_MODEL = "stories.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "broadsheet.newsroom.desk.picture_form.PictureForm"
# "localtime" and its like are files on this machine, which browsers do not know.
WAGTAIL_USER_TIME_ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone or zone == "UTC"
)
# More pixels than any press camera of today has; unfolded they still fit into memory.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 80_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 30 * 1024 * 1024
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": True}
}
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# The newsroom's are made in the transaction of the change, and not for pages alone.
WAGTAILREDIRECTS_AUTO_CREATE = False
TAGGIT_CASE_INSENSITIVE = True

WORKERS: int = read("BROADSHEET_WORKERS")
NODE_NAME: str = read("BROADSHEET_NODE_NAME")
READ_ARCHIVE: bool = read("BROADSHEET_READ_ARCHIVE")

FETCH_PRIVATE: list[str] = read("BROADSHEET_FETCH_PRIVATE")
FETCH_PORTS: list[str] = read("BROADSHEET_FETCH_PORTS")

_EMAIL_URL: str = read("BROADSHEET_EMAIL_URL")
if _EMAIL_URL:
    # environs names the keys as Django does.
    _email = Env().dj_email_url("BROADSHEET_EMAIL_URL")
    vars().update({key: value for key, value in _email.items() if key.isupper()})
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = HOME / "mail"
DEFAULT_FROM_EMAIL: str = read("BROADSHEET_MAIL_FROM")

LOG_FORMAT: str = read("BROADSHEET_LOG_FORMAT")
LOG_LEVEL: str = read("BROADSHEET_LOG_LEVEL").upper()
REQUEST_LOG: str = read("BROADSHEET_REQUEST_LOG")
# Where every request is logged, pages go the way of the others.
PAGE_WORKERS: int = read("BROADSHEET_PAGE_WORKERS") if REQUEST_LOG != "all" else 0
LOGGING = logs.configuration(LOG_FORMAT, LOG_LEVEL)
logs.configure()

METRICS_TOKEN: str = read("BROADSHEET_METRICS_TOKEN")
ADMIN_PASSWORD: str = read("BROADSHEET_ADMIN_PASSWORD")
# What only lives while the paper runs: locks, the worker's heartbeat, counters.
RUN_ROOT = HOME / "run"
CSRF_FAILURE_VIEW = "broadsheet.newsstand.refusals.csrf_failure"
