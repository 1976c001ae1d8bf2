"""Curating: cases opened and claimed, decided and undone, one by one or many at once; reports and appeals."""

from gallery.services.curating.asking import appeal_decision, submit_artwork, withdraw_submission
from gallery.services.curating.bulk import decide_many, undo_bulk
from gallery.services.curating.cases import claim_case, release_case, require_curator
from gallery.services.curating.deciding import decide
from gallery.services.curating.notices import answer_notice, confirm_notice
from gallery.services.curating.reporting import give_notice, report_artwork, weight_against, weight_of
from gallery.services.curating.reviewing import clear_review, refuse_review
from gallery.services.curating.undoing import undo_decision, undo_last_decision

__all__ = [
    "answer_notice",
    "appeal_decision",
    "claim_case",
    "clear_review",
    "confirm_notice",
    "decide",
    "decide_many",
    "give_notice",
    "refuse_review",
    "release_case",
    "report_artwork",
    "require_curator",
    "submit_artwork",
    "undo_bulk",
    "undo_decision",
    "undo_last_decision",
    "weight_against",
    "weight_of",
    "withdraw_submission",
]
