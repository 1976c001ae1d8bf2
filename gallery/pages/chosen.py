"""What made a work and what was chosen for it, in the engine's own words. Engines leave the house; works stay."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext

from generation.engines import registry
from generation.engines.errors import UnknownEngine
from generation.models import Artwork

NOTHING = "—"


def chosen_for(artwork: Artwork) -> Iterator[tuple[str, str]]:
    """Each parameter's title and value, in the engine's own order; what it does not know any more by its bare name."""
    given: dict[str, Any] = artwork.recipe.get("parameters", {})
    known = _schema(artwork.engine)
    for name in [*(name for name in known if name in given), *(name for name in given if name not in known)]:
        about = known.get(name, {})
        yield gettext(about.get("title") or name.replace("_", " ").capitalize()), _value(given[name], about)


def engine_title(artwork: Artwork) -> str:
    """What the engine that made a work is called."""
    try:
        return gettext(registry.declaration(artwork.engine).title)
    except UnknownEngine:
        return artwork.engine


def _schema(engine: str) -> Mapping[str, Any]:
    try:
        properties: dict[str, Any] = registry.declaration(engine).json_schema()["properties"]
    except UnknownEngine:
        return {}
    return properties


def _value(value: Any, about: Mapping[str, Any]) -> str:
    if value is None:
        return gettext(about.get("empty", "by seed"))
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, int | float):
        return number_format(value, use_l10n=True)
    if isinstance(value, list):
        return ", ".join(_value(one, {}) for one in value) or NOTHING
    if "enum" in about:
        return gettext(about.get("names", {}).get(value) or str(value).capitalize())
    return str(value) or NOTHING
