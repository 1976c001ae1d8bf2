"""System checks of our own: what would only be found out in production otherwise."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def check_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """`check --deploy`: no demo mode, live keys complete, https."""
    atelier, found = settings.ATELIER, list[CheckMessage]()
    if atelier.atelier_demo:
        found.append(Error("ATELIER_DEMO is on: it makes accounts whose passwords are known.", id="atelier.E001"))
    if not atelier.is_https:
        found.append(Error("PUBLIC_URL is not https.", id="atelier.E002"))
    if atelier.stripe_api_base:
        found.append(checks.Warning("STRIPE_API_BASE points away from Stripe: no real money moves.", id="atelier.W001"))
    if not atelier.email_host:
        found.append(checks.Warning("EMAIL_HOST is empty: mails are written to files, not sent.", id="atelier.W002"))
    return found
