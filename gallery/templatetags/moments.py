"""Moments on pages: in UTC as they are written, by the reader's own clock once moments.js has seen them."""

from datetime import UTC, datetime

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

FULL, BRIEF = "DATETIME_FORMAT", "BRIEF_MOMENT_FORMAT"


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """26 November 2026, 22:15 UTC."""
    return format_html('<time datetime="{}" data-moment>{} UTC</time>', at.isoformat(), _written(at, FULL))


@register.simple_tag
def brief_moment(at: datetime) -> SafeString:
    """26 Nov, 22:15:25: where many stand in a row and seconds count."""
    return format_html('<time datetime="{}" data-moment="brief">{}</time>', at.isoformat(), _written(at, BRIEF))


@register.simple_tag
def countdown(at: datetime, words: str, before: str) -> SafeString:
    """Told by the second as “Closes in 01:10:00”, without scripts “Closes 26 November 2026, 22:15 UTC”.

    `words` is “Closes in”, `before` is “Closes”.
    """
    said = f"{before} {_written(at, FULL)} UTC"
    return format_html('<time datetime="{}" data-countdown="{}">{}</time>', at.isoformat(), words, said)


@register.filter
def day(at: str) -> str:
    """A moment that lies in a document as ISO 8601, as the day that it was: 26 November 2026. What is none stays."""
    try:
        return date_format(datetime.fromisoformat(at).astimezone(UTC), "DATE_FORMAT")
    except ValueError:
        return at


def _written(at: datetime, pattern: str) -> str:
    return date_format(at.astimezone(UTC), pattern)
