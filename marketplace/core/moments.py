"""Moments and days in the words of whoever reads them: in UTC, since what is kept or mailed knows no reader's clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from django.utils.formats import date_format
from django.utils.functional import lazy


def moment_words(at: datetime) -> str:
    """26 November 2026, 22:15; the zone is for the sentence to name."""
    return date_format(at.astimezone(UTC), "DATETIME_FORMAT")


def day_words(at: date) -> str:
    """26 November 2026."""
    return date_format(at.astimezone(UTC) if isinstance(at, datetime) else at, "DATE_FORMAT")


moment_words_lazily: Callable[[datetime], str] = lazy(moment_words, str)
day_words_lazily: Callable[[date], str] = lazy(day_words, str)
