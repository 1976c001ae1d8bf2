"""Described styles on pages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from generation.engines.stylist.suggestion import Suggestion
from marketplace.commissions.wording import specimen_url

register = template.Library()


@register.filter
def specimen(slug: str) -> str:
    """Where the small photograph painted in a style lies."""
    return specimen_url(slug)


@register.filter
def as_palette(suggestion: Suggestion) -> SafeString:
    """The suggested colours for the page's script, as a hidden field."""
    return format_html('<input type="hidden" data-palette value="{}">', " ".join(suggestion.palette))
