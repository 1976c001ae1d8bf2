"""New for you: works that one has not seen, each with the reason why it is shown; docs/discovery.md explains them."""

from gallery.selectors.suggestions.choosing import Suggestion, dismissed_reasons, suggestions_for
from gallery.selectors.suggestions.reasons import Reason, subject_of

__all__ = ["Reason", "Suggestion", "dismissed_reasons", "subject_of", "suggestions_for"]
