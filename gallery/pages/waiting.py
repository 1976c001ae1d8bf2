"""The estimate of a wait in words that a person would use, no more exact than it is."""

from itertools import pairwise

from generation.selectors import Wait

MINUTE, HOUR = 60, 3600
MINUTES, HOURS = (3, 5, 8, 12, 20, 30, 45, 60), (1, 2, 3, 5, 8, 12, 24)


def wait_words(wait: Wait) -> str:
    """Such as: Ready in about 2 minutes; 3 before you."""
    place = f"{wait.position} before you" if wait.position else "you are next"
    if not wait.workers:
        return f"No painter is at work just now; {place}, and it starts by itself"
    if wait.ready_in is None:
        return place.capitalize()
    return f"Ready in {duration_words(wait.ready_in)}; {place}"


def duration_words(seconds: float) -> str:
    """So many seconds, as one would say them: the longer, the rougher."""
    if seconds < 20:
        return "a few seconds"
    if seconds < 50:
        return "less than a minute"
    if seconds < 3.5 * MINUTE:
        minutes = max(1, round(seconds / MINUTE))
        return "about a minute" if minutes == 1 else f"about {minutes} minutes"
    if seconds <= HOUR:
        return f"{_between(seconds / MINUTE, MINUTES)} minutes"
    if seconds <= 24 * HOUR:
        return f"{_between(seconds / HOUR, HOURS)} hours"
    return "more than a day"


def _between(value: float, steps: tuple[int, ...]) -> str:
    low, high = next((low, high) for low, high in pairwise(steps) if value <= high)
    return f"{low} to {high}"
