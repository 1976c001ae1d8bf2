"""What the gallery reads."""

from gallery.selectors.collections import (
    Keeping,
    Kept,
    KeptPage,
    collection_by_id,
    collection_by_slug,
    collections_of,
    keeping_of,
    saved_among,
    saved_of,
    works_in,
)
from gallery.selectors.ending import ending_soon, opening_soon, works_ending
from gallery.selectors.feed import FeedPage, News, feed_of
from gallery.selectors.follows import followers_of, follows_of, is_following
from gallery.selectors.portfolio import series_of, sold_of
from gallery.selectors.saved_searches import finds_of, last_found, search_of, searches_of
from gallery.selectors.suggestions import Reason, Suggestion, dismissed_reasons, suggestions_for
from gallery.selectors.versions import catalogue_version, engines_version, note_origin_read, work_version
from gallery.selectors.works import featured, hanging, works_of

__all__ = [
    "FeedPage",
    "Keeping",
    "Kept",
    "KeptPage",
    "News",
    "Reason",
    "Suggestion",
    "catalogue_version",
    "collection_by_id",
    "collection_by_slug",
    "collections_of",
    "dismissed_reasons",
    "ending_soon",
    "engines_version",
    "featured",
    "feed_of",
    "finds_of",
    "followers_of",
    "follows_of",
    "hanging",
    "is_following",
    "keeping_of",
    "last_found",
    "note_origin_read",
    "opening_soon",
    "saved_among",
    "saved_of",
    "search_of",
    "searches_of",
    "series_of",
    "sold_of",
    "suggestions_for",
    "work_version",
    "works_ending",
    "works_in",
    "works_of",
]
