"""What the gallery itself keeps: how works are found, followed, collected, curated and shown."""

from gallery.models.card import Card, Orientation
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
from gallery.models.counts import CatalogueChange, FacetChange, FacetCount
from gallery.models.reports import Appeal, AppealState, Report, ReportReason, ReportState

__all__ = [
    "ANSWERS",
    "CASE",
    "LONGEST_WORDS",
    "OPEN_STATES",
    "Appeal",
    "AppealState",
    "BulkAction",
    "Card",
    "Case",
    "CaseState",
    "CatalogueChange",
    "Cause",
    "Decision",
    "FacetChange",
    "FacetCount",
    "Feature",
    "Orientation",
    "Reason",
    "Report",
    "ReportReason",
    "ReportState",
    "Verdict",
]
