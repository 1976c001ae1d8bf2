"""Times as the operations page says them: short, and in the unit that fits."""

from datetime import datetime

from django import template

from generation.models import Attempt

register = template.Library()
NOTHING = "\u2013"


@register.filter
def duration(seconds: float | None) -> str:
    """A number of seconds as people say it: 40 ms, 2.4 s, 3 min, 5 h."""
    if seconds is None:
        return NOTHING
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


@register.filter
def since(now: datetime, then: datetime | None) -> str:
    """How long before `now` something was; nobody cares for parts of its last second."""
    if then is None:
        return NOTHING
    seconds = (now - then).total_seconds()
    return duration(seconds) if seconds >= 1 else "a moment"


@register.filter
def took(attempt: Attempt) -> str:
    """How long an attempt was at work."""
    return duration((attempt.ended_at - attempt.started_at).total_seconds() if attempt.ended_at else None)


@register.filter
def left(until: datetime | None, now: datetime) -> str:
    """How long it is until a time, or that it has passed."""
    if until is None:
        return "none"
    seconds = (until - now).total_seconds()
    return duration(seconds) if seconds > 0 else "lapsed"
