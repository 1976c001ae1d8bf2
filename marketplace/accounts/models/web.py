"""Addresses on the web that people give as theirs: shown to everybody as links, so not everything is taken."""

import ipaddress
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

MOST_LINKS = 8


def validate_web_address(address: str) -> None:
    """A field's validator: https, a named host of the open web, and no name or password before it.

    Raises Django's ValidationError.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValidationError(gettext("This is no address of a page."), code="link") from error
    if parts.scheme != "https" or parts.username or parts.password or port not in {None, 443}:
        raise ValidationError(gettext("Give the whole address of a page, beginning with https://."), code="link")
    if "." not in host or _is_number(host) or host.endswith((".local", ".localhost", ".internal")):
        raise ValidationError(gettext("This page is not on the open web."), code="link")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
