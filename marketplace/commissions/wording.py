"""Commissions in words: what a sentence asks for, from whom it can be ordered, and how it would look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.templatetags.static import static

from generation import selectors as reading
from generation import services as generation
from generation.engines.stylist.suggestion import Chosen, Suggestion
from generation.models import Job, Priority
from marketplace.accounts.models import User
from marketplace.commissions.services import ready_photograph
from marketplace.commissions.ways import WORDS_ENGINE, choose_way
from marketplace.listings import selectors as listings
from marketplace.listings.models import Listing

PREVIEW_SIDE = 384  # pixels: enough to judge by, too small to hang
_MOST_READ = 100  # of the newest offers: each is held against the sentence


@dataclass(frozen=True)
class OfferedStyle:
    """An artist's listing that answers a sentence: its style may be mixed in by ordering from it."""

    listing: Listing
    chosen: Chosen


@dataclass(frozen=True)
class Answer:
    """What a sentence comes to, and from whom it can be ordered."""

    suggestion: Suggestion
    house: Listing | None  # sells blends of the house's own styles
    offered: tuple[OfferedStyle, ...]


def answer_sentence(sentence: str) -> Answer:
    """The styles, palette and mood that a sentence asks for, and the artists' offers that answer it as well.

    Raises InvalidInput, LanguageNotUnderstood, ReadingUnavailable.
    """
    styles = listings.open_listings().filter(artwork__isnull=False).prefetch_related("artwork__files")
    by_work = {str(one.artwork_id): one for one in styles.order_by("-pk")[:_MOST_READ]}
    described = [reading.describe_work(one.artwork) for one in by_work.values() if one.artwork]
    suggestion = reading.read_sentence(sentence, described)
    offered = tuple(OfferedStyle(by_work[one.slug], one) for one in suggestion.offered)
    return Answer(suggestion, listings.listing_of_engine(WORDS_ENGINE), offered)


def preview_words(*, collector: User, listing_id: UUID, photograph_id: UUID, parameters: Mapping[str, Any]) -> Job:
    """Paint a small draft of what would be ordered from a listing in words; the work is nobody's.

    One that the collector asked for before, and that is not done yet, is called off.
    Raises NotFound, PhotographNotReady, InvalidInput (`parameters.<name>`).
    """
    listing = listings.listing_by_id(listing_id)
    way = choose_way(listing, WORDS_ENGINE, with_photograph=True)
    chosen = way.check(listing, {**parameters, "size": PREVIEW_SIDE})
    job = generation.submit_job(
        owner=collector,
        engine=way.engine.name,
        parameters=chosen,
        seed=0,
        inputs=way.inputs(listing, ready_photograph(collector, photograph_id)),
        priority=Priority.LIVE,
        title="A preview",
        style_artist=listing.style_artist,
        as_proof=True,
    )
    generation.overtake_previews(by=job)
    return job


def specimen_url(slug: str) -> str:
    """Where the small photograph painted in a style lies."""
    return static(f"gallery/styles/{slug}.webp")
