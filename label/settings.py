"""One settings module, read from the environment. With nothing set it is the embedded default: SQLite, Celery on
the file system, one web process; DATABASE_URL and REDIS_URL make the same code run on PostgreSQL and Redis."""

import os
import sys
import tomllib
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from label import environment as env

# Lets `ModelForm[Row]` and its like be written where Python evaluates them.
django_stubs_ext.monkeypatch()

# Whatever this process writes is for its owner alone: the database, the log, the files.
os.umask(0o077)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.private_folder(Path(env.text("AROBASE_DATA", str(BASE_DIR / "var" / "site"))))
TESTING = "pytest" in sys.modules

SECRET_KEY = env.secret_key(DATA_DIR)
# Those before it, while what they signed or hid is still read: see « a stolen key » in docs/operate.md.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
DEBUG = env.flag("DEBUG")
# Without a public address, the one where `serve` was last started: its processes and later commands write it in mails.
ADDRESS_FILE = DATA_DIR / "address"
SITE_URL = env.text("SITE_URL", env.kept(ADDRESS_FILE, "http://127.0.0.1:8000")).rstrip("/")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []

VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
# Where the source of what runs here may be read, as its licence asks.
SOURCE_URL = env.text("SOURCE_URL")

# The instance: whose label this is. Data, never code; what its row says (`instance`) comes before these.
INSTANCE: dict[str, Any] = {
    "name": env.text("INSTANCE_NAME", "Arobase"),
    "tagline": env.text("INSTANCE_TAGLINE", "le label numérique des communes"),
    "organiser": env.text("INSTANCE_ORGANISER", "l’association organisatrice"),
    "contact": env.text("INSTANCE_CONTACT", "contact@arobase.example"),
    # Who signs certificates, beside their functions; nobody is named unless it is said here.
    "jury_chair": env.text("INSTANCE_JURY_CHAIR"),
    "organiser_head": env.text("INSTANCE_ORGANISER_HEAD"),
    "demo": env.flag("AROBASE_DEMO"),
}

INSTALLED_APPS = [
    "label.apps.LabelConfig",
    "season",
    "results",
    "jury",
    "assessments",
    "accounts",
    "territories",
    "outbox",
    "instance",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "label.health.probes",
    "label.middleware.true_address",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "label.access.access",
    "label.problems.problems",
    # Outside of what keeps pages, which compresses by itself: nothing is compressed twice.
    "django.middleware.gzip.GZipMiddleware",
    "label.middleware.fragments",
    "label.middleware.kept_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "label.middleware.lengthened",
    "label.middleware.readable",
    "label.middleware.wrong_method",
    "label.readings.readings",
    "label.middleware.second_factor",
    "label.middleware.looking",
    "django_htmx.middleware.HtmxMiddleware",
    "label.middleware.private_pages",
    "label.middleware.signed_out",
    "label.middleware.received",
    "label.middleware.refusals",
]

ROOT_URLCONF = "label.urls"
WSGI_APPLICATION = "label.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["label.templatetags.arobase", "django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "label.context.instance",
            ],
        },
    }
]

# Database. SQLite: WAL, a writer waits for its turn at BEGIN (IMMEDIATE) and a commit is on the disk (FULL).
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'arobase.sqlite3'}"), conn_max_age=60, conn_health_checks=True
    )
}
if password := env.text("DATABASE_PASSWORD"):
    DATABASES["default"]["PASSWORD"] = password
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "label.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
    }
    # On disk in tests too: threads and the worker's processes must see the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    # Pages ask long questions of few rows: PostgreSQL would take seconds to compile what it runs in milliseconds.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
    # Each thread keeps a connection; or those of a process share so many, each for the time of a request.
    if pool := env.integer("DATABASE_POOL", 0):
        DATABASES["default"]["CONN_MAX_AGE"] = 0
        # While PostgreSQL is away people are told so after that; and it is asked again as often, once it is back.
        patience = {"timeout": 10, "reconnect_timeout": 10}
        DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool, **patience}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis holds nothing that could not be lost: the broker's bell, the cache, the counters of limits.
REDIS_URL = env.text("REDIS_URL")
WEB_PROCESSES = env.integer("WEB_PROCESSES", 1)
WEB_THREADS = env.integer("WEB_THREADS", 8)
if WEB_PROCESSES > 1 and not REDIS_URL:
    raise ImproperlyConfigured("WEB_PROCESSES is above 1 without REDIS_URL: limits and caches would not be shared.")
RELEASE = env.text("AROBASE_RELEASE", env.code_stamp(BASE_DIR))
_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
_REDIS: dict[str, Any] = {
    "BACKEND": "label.caches.RedisOrMemory",
    "LOCATION": REDIS_URL,
    "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
}
CACHES: dict[str, Any] = {
    "default": _REDIS if REDIS_URL else {"BACKEND": _MEMORY, "OPTIONS": {"MAX_ENTRIES": 20_000}},
    # Public pages, some ten kilobytes each (`label.keeping`). Another release may show the same state otherwise.
    "pages": _REDIS | {"KEY_PREFIX": RELEASE}
    if REDIS_URL
    else {"BACKEND": _MEMORY, "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 1_000}},
    # Pieces of pages, compressed (`label.pieces`).
    "pieces": _REDIS | {"KEY_PREFIX": f"{RELEASE}:pieces"}
    if REDIS_URL
    else {"BACKEND": _MEMORY, "LOCATION": "pieces", "OPTIONS": {"MAX_ENTRIES": 1_000}},
}
# Tests write rows as no action does.
KEEP_PAGES = not (DEBUG or TESTING)
# Tests count the queries of a page as it is opened again; the first opening of a day is a line of the trail more.
TRACE_READINGS = not TESTING

CELERY_BROKER_URL = REDIS_URL or "folder://localhost"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# The holder of a job renews its lease while it works; a job without news for so long is taken again by another.
JOB_LEASE = env.integer("JOB_LEASE", 10)  # seconds
# What hangs for so long is killed, and its job taken again: no failure of the job's.
CELERY_TASK_TIME_LIMIT = 1800
# Queues of each group of workers, and its processes. What is long never keeps mail waiting, nor somebody at a screen.
WORKERS = {"mail": ("celery", "mail"), "papers": ("papers", "scores"), "bulk": ("bulk",)}
WORKER_PROCESSES = {
    "mail": env.integer("WORKER_MAIL", 1),
    "papers": env.integer("WORKER_PAPERS", 2),
    "bulk": env.integer("WORKER_BULK", 1),
}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # Redis may be away for long: a worker comes back with it
CELERY_TIMEZONE = "Europe/Paris"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "visibility_timeout": 3600,  # above the time limit, else a bell rings twice
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "folder": str(env.private_folder(DATA_DIR / "broker")),
        "polling_interval": 0.2,  # seconds that an idle worker sleeps between two looks
    }
CELERY_BEAT_SCHEDULE_FILENAME = env.text("AROBASE_BEAT", str(DATA_DIR / "beat-schedule"))
# What no worker took in an hour is forgotten, so that a long stop leaves no pile. Not less: it goes by the clocks of
# who rings and of who hears, and two machines may be minutes apart.
BELL_EXPIRES = 3600
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "outbox.sweep", "schedule": 5.0, "options": {"expires": BELL_EXPIRES}},
    "heartbeat": {"task": "outbox.beat", "schedule": 10.0, "options": {"expires": BELL_EXPIRES}},
    # At an hour, not a day after the last time: the image's beat forgets when that was, and would never come to them.
    "tidy": {"task": "outbox.tidy", "schedule": crontab(hour="3", minute="20")},
    "purge": {"task": "label.purge", "schedule": crontab(hour="3", minute="40")},
    "seal": {"task": "accounts.seal", "schedule": 600.0},
    "forget": {"task": "results.forget", "schedule": 600.0},
    "data": {"task": "results.refresh_data", "schedule": 20.0, "options": {"expires": BELL_EXPIRES}},
    "cards": {"task": "results.refresh_cards", "schedule": 20.0, "options": {"expires": BELL_EXPIRES}},
}

# Files: evidence and papers, for this service alone, never under a static path.
MEDIA_ROOT = env.private_folder(DATA_DIR / "files")
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
EVIDENCE_MAX_BYTES = 10 * 1024 * 1024
PHOTO_MAX_BYTES = 25 * 1024 * 1024  # as a camera or a scanner made it, until a worker has reduced it
SCAN_COMMAND = env.text("SCAN_COMMAND")  # of an antivirus; none by default
SCAN_SECONDS = env.integer("SCAN_SECONDS", 20)
CHECKED_FILE_MAX_BYTES = 5 * 1024 * 1024  # ten times the longest of our papers
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static", ("guide", BASE_DIR / "docs" / "images" / "guide")]
# An image has them collected already, in a folder of its own; elsewhere they are collected at each start.
STATIC_ROOT = env.private_folder(Path(env.text("AROBASE_STATIC", str(DATA_DIR / "static"))))
# A folder; or a bucket of any store that speaks S3, which several machines share.
BUCKET = {
    "bucket_name": env.text("S3_BUCKET"),
    "endpoint_url": env.text("S3_ENDPOINT") or None,
    "region_name": env.text("S3_REGION") or None,
    "access_key": env.text("S3_ACCESS_KEY") or None,
    "secret_key": env.text("S3_SECRET_KEY") or None,
    # The same name is the same bytes.
    "file_overwrite": True,
}
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": BUCKET}
    if BUCKET["bucket_name"]
    else {"BACKEND": "outbox.doors.files.Folder"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "label.static.Collected"
    },
}
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

# Keys of the seal and of credentials: for the workers alone. The embedded default runs as one user, so its web process
# could read them; `docker-compose.yml` gives the folder to no other container.
KEYS_DIR = Path(env.text("AROBASE_KEYS", str(DATA_DIR / "keys")))
# Nothing set: a demonstration authority, made in the folder of keys by the first seal. See docs/seals.md.
SEAL_PKCS12 = env.text("SEAL_PKCS12")
SEAL_PASSPHRASE = env.text("SEAL_PASSPHRASE")
SEAL_SIGNER = env.text("SEAL_SIGNER")
SEAL_ROOTS = env.words("SEAL_ROOTS")
SEAL_LEVEL = env.choice("SEAL_LEVEL", "B-B", "B-T", "B-LT", "B-LTA")
SEAL_TIMESTAMP_URL = env.text("SEAL_TIMESTAMP_URL")
if SEAL_LEVEL != "B-B" and not SEAL_TIMESTAMP_URL:
    raise ImproperlyConfigured(f"SEAL_LEVEL is {SEAL_LEVEL} without SEAL_TIMESTAMP_URL.")

# Mail: every message is a row of the outbox first; the worker hands it to this transport.
EMAIL_BACKEND = "outbox.jobs.mail.OutboxBackend"
# Without one here or in the row of the instance no mail leaves, and the pages say so.
MAIL_TRANSPORT = env.text("MAIL_TRANSPORT")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL")
if EMAIL_USE_TLS and EMAIL_USE_SSL:
    raise ImproperlyConfigured("EMAIL_USE_TLS (STARTTLS, port 587) and EMAIL_USE_SSL (port 465) exclude each other.")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Arobase <ne-pas-repondre@arobase.example>")

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher" if TESTING else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.rules.passwords.OneReason"}]
ACCOUNT_ADAPTER = "accounts.views.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupDetails"
ACCOUNT_FORMS = {
    "login": "accounts.doors.entrance_forms.Login",
    "signup": "accounts.doors.entrance_forms.SignUp",
    "add_email": "accounts.doors.entrance_forms.Address",
    "change_password": "accounts.doors.entrance_forms.ChangePassword",
    "set_password": "accounts.doors.entrance_forms.SetPassword",
    "reset_password": "accounts.doors.entrance_forms.ForgottenPassword",
    "reauthenticate": "accounts.doors.entrance_forms.Again",
    "reset_password_from_key": "accounts.doors.entrance_forms.ChosenPassword",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
# In the session that signed up, and there alone.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
# Wrong passwords are counted by `accounts.doors.entry`.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# The password or the second factor is asked again before what touches the account; what was done is told by mail.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_ADAPTER = "accounts.views.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # the clock of a telephone may be half a minute away
# Keys work over http on this machine alone, for trials.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_FORMS = {
    "authenticate": "accounts.doors.entrance_forms.SecondFactor",
    "reauthenticate": "accounts.doors.entrance_forms.SecondFactorAgain",
    "activate_totp": "accounts.doors.entrance_forms.Application",
    "add_webauthn": "accounts.doors.entrance_forms.NewKey",
}
# Signing in with an OpenID Connect provider, ProConnect for one: none until its address is given.
OIDC_ISSUER = env.text("OIDC_ISSUER").rstrip("/")
SOCIALACCOUNT_ADAPTER = "accounts.views.adapter.ProviderAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
# An account here is opened by a provider who says that the address is confirmed, and is tied to it from then on.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_FORMS = {"signup": "accounts.doors.entrance_forms.SignUpByProvider"}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "agent",  # accounts.doors.openid.NAME
                "name": env.text("OIDC_NAME", "ProConnect"),
                "client_id": env.text("OIDC_CLIENT_ID"),
                "secret": env.text("OIDC_CLIENT_SECRET"),
                "settings": {
                    "server_url": OIDC_ISSUER,
                    "scope": env.text("OIDC_SCOPE", "openid email given_name usual_name").split(),
                    "auth_params": {"acr_values": env.text("OIDC_ACR")} if env.text("OIDC_ACR") else {},
                    "token_auth_method": env.text("OIDC_TOKEN_AUTH", "client_secret_post"),
                    "verified_email": env.flag("OIDC_TRUST_EMAIL"),
                },
            }
        ],
    }
    if OIDC_ISSUER
    else {}
}
# Of organisers and jurors, so many days after they first sign in without one.
SECOND_FACTOR_DAYS = env.integer("SECOND_FACTOR_DAYS", 14)
# A session ends so long after it last served, sooner for organisers and jurors, and at the latest so long after the
# sign-in. Seconds.
SESSION_COOKIE_AGE = 14 * 24 * 3600
ROLE_IDLE = 12 * 3600
SESSION_LONGEST = 90 * 24 * 3600

# Language and time
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("français"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# Security. Over http on loopback the cookies keep plain names; over https they are bound to the host.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "label.views.untrusted"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Every host below the domain is bound with it, for years: whose domain it is decides.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS and env.flag("HSTS_PRELOAD")
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# A program that calls over http is told (`label.problems`), and not led on with its key.
SECURE_REDIRECT_EXEMPT = [r"^api/(?!docs/)"]
# Seals backups, when it is given: see docs/operate.md.
BACKUP_KEY = env.text("BACKUP_KEY")
# For a monitor of the service: it reads `/sante/detail/` and `/sante/mesures/` with it. Nobody but organisers without.
MONITOR_TOKEN = env.text("MONITOR_TOKEN")
SECURE_REFERRER_POLICY = "same-origin"
# How many proxies of ours stand in front. Their headers are believed, and nobody else's: see docs/install.md.
PROXIES = env.integer("BEHIND_PROXY", 0)
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # The button « ProConnect » is a form, whose answer leads to the provider.
        "form-action": [SELF, *env.words("OIDC_FORM_ORIGINS", env.origin(OIDC_ISSUER))],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# A page a second, and sixty at once, meet no limit.
API_RATES = {"anon": "150/min", "user": "600/min"}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.doors.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "label.negotiation.OneForm",
    "DEFAULT_PARSER_CLASSES": ["label.negotiation.Json"],
    "DEFAULT_SCHEMA_CLASS": "label.api_schema.Schema",
    # By address without a key, by person with one.
    "DEFAULT_THROTTLE_CLASSES": [
        "accounts.doors.throttles.Anyone",
        "accounts.doors.throttles.Person",
    ],
    "DEFAULT_THROTTLE_RATES": dict.fromkeys(API_RATES, "10000/min") if TESTING else API_RATES,
    # `label.middleware.true_address` has counted them already.
    "NUM_PROXIES": 0,
    "EXCEPTION_HANDLER": "label.problems.refusals",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Arobase",
    "DESCRIPTION": "API publique du label numérique des communes.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PATH_CONVERTER_OVERRIDES": {"year": int},
    "ENUM_NAME_OVERRIDES": {"ApplicationState": "assessments.enums.State"},
}

# Standard error, for whoever runs the process to collect.
LOG_FORMAT = env.choice("LOG_FORMAT", "text", "json")
LOG_LEVEL = "WARNING" if TESTING else env.choice("LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR")
# Errors go there too, when it is given (`label.sentry`).
SENTRY_DSN = env.text("SENTRY_DSN")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "label.logs.WithoutSecrets"}, "one_line": {"()": "label.logs.OneLine"}},
    "formatters": {"text": {"()": "label.logs.Text"}, "json": {"()": "label.logs.Json"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["secrets"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Each bell and each task that it rings for would be a line; jobs have their own.
    "loggers": {"celery": {"level": "WARNING"}, "django.security.DisallowedHost": {"filters": ["one_line"]}},
}
