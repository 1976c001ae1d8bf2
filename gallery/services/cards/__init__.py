"""Cards: drawn from the truth below (`drawing`), written in one statement (`writing`), counted (`counting`)."""

from gallery.services.cards.counting import fold_changes, forget_changes, note_change, recount_facets
from gallery.services.cards.writing import (
    forget_past_cards,
    refresh_all_cards,
    refresh_cards,
    refresh_timed_cards,
)

__all__ = [
    "fold_changes",
    "forget_changes",
    "forget_past_cards",
    "note_change",
    "recount_facets",
    "refresh_all_cards",
    "refresh_cards",
    "refresh_timed_cards",
]
