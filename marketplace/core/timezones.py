"""Time zones as people call them in their language."""

from zoneinfo import available_timezones

from babel.dates import get_timezone_location
from django.utils.translation import get_language, to_locale

CONTINENTS = {
    "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
}  # fmt: skip


def zone_name(key: str) -> str:
    """Europe/Berlin, America/New York; in other languages than English the town alone, as Unicode's CLDR names it."""
    language = get_language() or "en"
    if language.startswith("en") or "/" not in key:
        return key.replace("_", " ")
    return get_timezone_location(key, locale=to_locale(language), return_city=True)


def zone_choices() -> list[tuple[str, str]]:
    """Key and name of every town's zone, by continent; UTC first. A form's choices."""
    towns = sorted(key for key in available_timezones() if key.split("/")[0] in CONTINENTS and "/" in key)
    return [("UTC", "UTC"), *((key, zone_name(key)) for key in towns)]
