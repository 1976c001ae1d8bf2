"""A system check: a house in production signs with a certificate of its own."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register


@register(Tags.security, deploy=True)
def check_certificate(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """`check --deploy`: the development chain is trusted by nobody but this house."""
    if settings.ATELIER.c2pa_certificate:
        return []
    return [
        checks.Warning(
            "C2PA_CERTIFICATE is empty: works are signed with a development certificate that nobody else trusts.",
            hint="See docs/provenance.md.",
            id="atelier.W003",
        )
    ]
