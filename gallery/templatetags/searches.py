"""How a search's numbers are written."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def short(value: Any) -> str:
    """A parameter's value in three digits, or as it is."""
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:.3g}"
    return str(value)
