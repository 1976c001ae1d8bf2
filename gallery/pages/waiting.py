"""The estimate of a wait in words that a person would use, no more exact than it is."""

from itertools import pairwise

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from generation.selectors import Wait

MINUTE, HOUR = 60, 3600
MINUTES, HOURS = (3, 5, 8, 12, 20, 30, 45, 60), (1, 2, 3, 5, 8, 12, 24)


def wait_words(wait: Wait) -> str:
    """Such as: Ready in about 2 minutes; 3 before you."""
    place = gettext("you are next")
    if wait.position:
        place = ngettext("%(n)d before you", "%(n)d before you", wait.position) % {"n": wait.position}
    if not wait.workers:
        return gettext("No painter is at work just now; %(place)s, and it starts by itself") % {"place": place}
    if wait.ready_in is None:
        return capfirst(place)
    return gettext("Ready in %(duration)s; %(place)s") % {"duration": duration_words(wait.ready_in), "place": place}


def duration_words(seconds: float) -> str:
    """So many seconds, as one would say them: the longer, the rougher."""
    if seconds < 20:
        return gettext("a few seconds")
    if seconds < 50:
        return gettext("less than a minute")
    if seconds < 3.5 * MINUTE:
        minutes = max(1, round(seconds / MINUTE))
        return gettext("about a minute") if minutes == 1 else gettext("about %(n)d minutes") % {"n": minutes}
    if seconds <= HOUR:
        return gettext("%(low)d to %(high)d minutes") % _between(seconds / MINUTE, MINUTES)
    if seconds <= 24 * HOUR:
        return gettext("%(low)d to %(high)d hours") % _between(seconds / HOUR, HOURS)
    return gettext("more than a day")


def _between(value: float, steps: tuple[int, ...]) -> dict[str, int]:
    low, high = next((low, high) for low, high in pairwise(steps) if value <= high)
    return {"low": low, "high": high}
