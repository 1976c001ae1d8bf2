"""Django's settings: one code path for every place; what differs comes from `marketplace.environment`."""

import sys
from pathlib import Path

from django.urls import reverse_lazy
from psycopg.conninfo import conninfo_to_dict
from pydantic import ValidationError

from marketplace.environment import DEMO_SECRET_KEY, Environment
from marketplace.settings.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent.parent

try:
    ATELIER = Environment()
except ValidationError as error:
    problems = "\n".join(
        f"  {'.'.join(map(str, p['loc'])).upper() or 'settings'}: {p['msg'].removeprefix('Value error, ')}"
        for p in error.errors()
    )
    sys.exit(f"Atelier cannot start; see docs/configuration.md.\n{problems}")

SECRET_KEY = ATELIER.secret_key.get_secret_value()
SILENCED_SYSTEM_CHECKS: list[str] = []
DEBUG = False
ALLOWED_HOSTS = ATELIER.allowed_hosts or [ATELIER.host]
CSRF_TRUSTED_ORIGINS = [ATELIER.public_url.rstrip("/")]
ROOT_URLCONF = "marketplace.urls"
ASGI_APPLICATION = "marketplace.asgi.application"
WSGI_APPLICATION = "marketplace.wsgi.application"

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "marketplace.core",
    "marketplace.accounts",
    "generation",
    "payments",
    "marketplace.listings",
    "marketplace.orders",
    "marketplace.commissions",
    "marketplace.artists",
    "gallery",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "marketplace.core.middleware.RequestContextMiddleware",
    "marketplace.core.metrics.RequestTimes",
    "marketplace.core.conditional.ConditionalAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "marketplace.core.languages.LanguageMiddleware",
    "gallery.services.sharing.SharedAnswers",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "marketplace.core.parsing.NothingButText",
    "marketplace.core.middleware.ContentSecurityPolicyMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
# Gallery's templates dress allauth's pages too, so it is looked in before the apps' own folders.
TEMPLATES[0]["DIRS"] = [BASE_DIR / "gallery" / "templates"]


def _database(url: str) -> dict[str, object]:
    parts = conninfo_to_dict(url)
    known = {"dbname", "user", "password", "host", "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname"),
        "USER": parts.get("user"),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "OPTIONS": {
            # Requests run in short-lived threads under ASGI, so connections live in a pool, not in threads.
            "pool": {"min_size": 1, "max_size": ATELIER.database_pool, "timeout": 10},
            **{name: value for name, value in parts.items() if name not in known},
        },
    }


DATABASES = {"default": _database(ATELIER.database_url.get_secret_value())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "marketplace.core.cache.Cache",
        "LOCATION": ATELIER.cache_url.get_secret_value(),
        "KEY_PREFIX": "atelier",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

STATIC_URL = "/static/"
STATIC_ROOT = ATELIER.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "gallery" / "locale"]  # of the whole house; `manage.py translations` writes it
FORMAT_MODULE_PATH = ["marketplace.core.formats"]
LANGUAGE_COOKIE_NAME, LANGUAGE_COOKIE_AGE = "language", 31_536_000
LANGUAGE_COOKIE_SECURE = ATELIER.is_https
TIME_ZONE = "UTC"
USE_TZ = True
LOGGING_CONFIG = None
logging_config(ATELIER.log_format, ATELIER.log_level)

# Behind https everything is strict; on plain http (a loopback address) the browser could not keep secure cookies.
SECURE_SSL_REDIRECT = ATELIER.is_https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ATELIER.is_https
SECURE_HSTS_SECONDS = 31_536_000 if ATELIER.is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ATELIER.is_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ATELIER.proxy_header else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "marketplace.accounts.selectors.display_name"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ATELIER.is_https else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Atelier"
# Browsers allow security keys on https, and on http://localhost for those who develop.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ATELIER.is_https
HEADLESS_SERVE_SPECIFICATION = True
HEADLESS_SPECIFICATION_TEMPLATE_NAME = None  # its page would load scripts from elsewhere; the JSON is served
# Limits count callers by address: only a proxy of ours may say who it speaks for.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if ATELIER.proxy_header else 0

DEFAULT_FROM_EMAIL = SERVER_EMAIL = ATELIER.email_from
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if ATELIER.email_host else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = ATELIER.data_dir / "mail"
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = ATELIER.email_host, ATELIER.email_port, ATELIER.email_timeout
EMAIL_USE_TLS, EMAIL_USE_SSL = ATELIER.email_security == "starttls", ATELIER.email_security == "tls"
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ATELIER.email_user, ATELIER.email_password.get_secret_value()

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "marketplace.accounts.api.authentication.TokenAuthentication",
        "allauth.headless.contrib.rest_framework.authentication.XSessionTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["marketplace.accounts.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["marketplace.core.parsing.TextParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "marketplace.core.pagination.NewestFirst",
    "PAGE_SIZE": 24,
    "DEFAULT_SCHEMA_CLASS": "marketplace.core.openapi.Schema",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "marketplace.core.problems.to_response",
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "marketplace.core.throttling.PersonRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": "300/min",
        "user": "900/min",
        "token": "10/min",
        "upload": "120/min",
        "spend": "60/min",
        "report": "60/hour",
        "notice": "10/hour",
    },
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Atelier",
    "DESCRIPTION": "The backend of a marketplace for generative art.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "marketplace.core.openapi.with_problems",
    ],
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,  # what a PATCH asks for it must be given: no view reads a part of a serializer
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "WebhookEndpointState": "marketplace.accounts.models.webhooks.EndpointState.choices",
        "WebhookDeliveryState": "marketplace.accounts.models.webhooks.DeliveryState.choices",
        "ArtistState": "marketplace.accounts.models.ArtistState.choices",
        "ApplicationState": "marketplace.artists.models.ApplicationState.choices",
        "UploadState": "generation.models.uploads.UploadState.choices",
        "JobState": "generation.models.jobs.JobState.choices",
        "DatasetState": "generation.models.datasets.DatasetState.choices",
        "DatasetPictureState": "generation.models.datasets.PictureState.choices",
        "DatasetArchiveState": "generation.models.datasets.ArchiveState.choices",
        "SearchState": "generation.models.searches.SearchState.choices",
        "TrialState": "generation.models.searches.TrialState.choices",
        "TrainedModelState": "generation.models.training.ModelState.choices",
        "ReviewState": "generation.models.moderation.ReviewState.choices",
        "PaymentState": "payments.models.PaymentState.choices",
        "SaleKind": "marketplace.listings.models.SaleKind.choices",
        "ListingState": "marketplace.listings.models.ListingState.choices",
        "CommissionState": "marketplace.commissions.models.CommissionState.choices",
        "BriefState": "marketplace.commissions.models.BriefState.choices",
        "QuoteState": "marketplace.commissions.models.QuoteState.choices",
        "AlikeBy": "gallery.selectors.looks.WAYS",
        "PictureAlikeBy": "gallery.selectors.looks.OF_PICTURES",
        "CaseState": "gallery.models.cases.CaseState.choices",
        "CurationVerdict": "gallery.models.cases.Verdict.choices",
        "CurationReason": "gallery.models.cases.Reason.choices",
        "CaseCause": "gallery.models.cases.Cause.choices",
        "ReportState": "gallery.models.reports.ReportState.choices",
        "ReportReason": "gallery.models.reports.ReportReason.choices",
        "ExhibitionState": "gallery.models.exhibitions.ExhibitionState.choices",
        "InstalmentKind": "marketplace.commissions.models.InstalmentKind.choices",
    },
}

UNFOLD = {
    "SITE_TITLE": "Atelier",
    "SITE_HEADER": "Atelier",
    "SITE_SYMBOL": "palette",
    "SHOW_VIEW_ON_SITE": True,
    "SITE_DROPDOWN": [
        {"icon": "monitor_heart", "title": "Operations", "link": reverse_lazy("operations")},
        {"icon": "palette", "title": "The wall", "link": reverse_lazy("wall")},
    ],
}

__all__ = ["ATELIER", "DEMO_SECRET_KEY"]
