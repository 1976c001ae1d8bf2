"""Why a work is suggested: a key that a person can dismiss, and the sentence that they read."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.models import Card
from generation.engines import registry
from generation.engines.errors import UnknownEngine
from generation.models import Artwork
from marketplace.accounts.models import Artist

LONGEST_KEY = 120


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a work is shown."""

    key: str
    words: str


def followed(artist: Artist) -> Reason:
    """One follows its artist."""
    return Reason(f"follow:{artist.pk}", _("Because you follow %(artist)s") % {"artist": artist.name})


def by_kept_artist(artist: Artist, kept: int) -> Reason:
    """One saved or owns works of its artist."""
    words = ngettext(
        "Because you keep a work by %(artist)s", "Because you keep %(kept)d works by %(artist)s", kept
    ) % {"artist": artist.name, "kept": kept}  # fmt: skip
    return Reason(f"artist:{artist.pk}", words)


def made_like(engine: str, kept: int, colour: str = "") -> Reason:
    """One keeps several works that the same engine made, perhaps in the same colour."""
    said = {"kept": kept, "engine": title_of(engine), "colour": _spoken(colour)}
    if colour:
        words = _("Because you keep %(kept)d works in %(colour)s made by %(engine)s") % said
        return Reason(f"engine:{engine}:{colour}", words)
    return Reason(f"engine:{engine}", _("Because you keep %(kept)d works made by %(engine)s") % said)


def looks_like(card: Card) -> Reason:
    """It looks like a work that one keeps."""
    words = _("Because it looks like “%(title)s”, which you keep") % {"title": card.shown["title"]}
    return Reason(f"like:{card.pk}", words)


def subject_of(key: str) -> str | None:
    """What a reason is about, in words, by its key; None where there is no such reason."""
    kind, _colon, subject = key.partition(":")
    if kind == "engine":
        engine, _colon, colour = subject.partition(":")
        if len(key) > LONGEST_KEY or all(engine != known.name for known in registry.declarations()):
            return None
        said = {"engine": title_of(engine), "colour": _spoken(colour)}
        return _("Works in %(colour)s made by %(engine)s") % said if colour else _("Works made by %(engine)s") % said
    try:
        subject_id = UUID(subject)
    except ValueError:
        return None
    if kind in {"follow", "artist"} and (artist := Artist.objects.filter(pk=subject_id).first()):
        return _("Works by %(artist)s") % {"artist": artist.name}
    if kind == "like" and (artwork := Artwork.objects.on_wall().filter(pk=subject_id).first()):
        return _("Works that look like “%(title)s”") % {"title": artwork.display_title}
    return None


def title_of(engine: str) -> str:
    """What people call an engine in their language; one that has left the house is called by its code."""
    try:
        return _(registry.declaration(engine).title).lower()
    except UnknownEngine:
        return engine


def _spoken(colour: str) -> str:
    """A colour's name in the reader's language, within a sentence."""
    return _(colour.capitalize()).lower() if colour else ""
