"""What the gallery itself keeps: how works are found, followed, collected, curated and shown."""

from gallery.models.attention import Attention, Dismissal, Seen
from gallery.models.card import Card, Orientation, PastCard
from gallery.models.cases import (
    ANSWERS,
    CASE,
    LONGEST_WORDS,
    OPEN_STATES,
    BulkAction,
    Case,
    CaseState,
    Cause,
    Decision,
    Feature,
    Reason,
    Verdict,
)
from gallery.models.collections import MOST_COLLECTIONS, MOST_WORKS, Collection, CollectionItem, CollectionKind
from gallery.models.counts import CatalogueChange, FacetChange, FacetCount
from gallery.models.exhibitions import EXHIBITION, Exhibition, ExhibitionState, Hanging, Section
from gallery.models.follows import Follow
from gallery.models.hung_looks import HungLook
from gallery.models.reports import Appeal, AppealState, Report, ReportReason, ReportState
from gallery.models.saved_searches import MOST_SEARCHES, Find, Frequency, SavedSearch

__all__ = [
    "ANSWERS",
    "CASE",
    "EXHIBITION",
    "LONGEST_WORDS",
    "MOST_COLLECTIONS",
    "MOST_SEARCHES",
    "MOST_WORKS",
    "OPEN_STATES",
    "Appeal",
    "AppealState",
    "Attention",
    "BulkAction",
    "Card",
    "Case",
    "CaseState",
    "CatalogueChange",
    "Cause",
    "Collection",
    "CollectionItem",
    "CollectionKind",
    "Decision",
    "Dismissal",
    "Exhibition",
    "ExhibitionState",
    "FacetChange",
    "FacetCount",
    "Feature",
    "Find",
    "Follow",
    "Frequency",
    "Hanging",
    "HungLook",
    "Orientation",
    "PastCard",
    "Reason",
    "Report",
    "ReportReason",
    "ReportState",
    "SavedSearch",
    "Section",
    "Seen",
    "Verdict",
]
