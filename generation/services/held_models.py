"""Models that are held for a curator, because one of the pictures on their sheet was flagged.

Each function runs in its caller's transaction, with the model locked.
"""

import structlog
from django.db.models.functions import Now

from generation.errors import ModelHeld
from generation.models import Review, ReviewState, TrainedModel
from generation.services.moderation import Screening, forget_preview
from marketplace.core.languages import kept

log = structlog.get_logger(__name__)
OPENED = kept("The model was opened to all since; it can be withdrawn.")


def hold_model(model: TrainedModel, screening: Screening) -> None:
    """Hold a new model back until a curator has seen its sheet; in the transaction that makes it."""
    TrainedModel.objects.filter(pk=model.pk).update(is_held=True)
    model.is_held = True
    forget_preview(model.training.job_id)
    Review.objects.create(trained_model=model, explicit=screening.explicit, is_explicit=True)
    log.info("model.held", model=str(model.pk), explicit=screening.explicit)


def show_model(model: TrainedModel) -> None:
    """Let a held model be opened: a curator has cleared it."""
    TrainedModel.objects.filter(pk=model.pk).update(is_held=False, updated_at=Now())


def hold_model_again(model: TrainedModel) -> None:
    """Hold a model about which a decision was taken back; it is not open yet, or the decision would be final."""
    TrainedModel.objects.filter(pk=model.pk).update(is_held=True, updated_at=Now())


def require_shown(model: TrainedModel) -> None:
    """Raises ModelHeld; where a curator has cleared it, that is final from now on, since it is being opened to all."""
    review = Review.objects.standing().select_for_update().filter(trained_model=model).first()
    if review is None:
        return
    if review.state != ReviewState.CLEARED:
        raise ModelHeld(review.told)
    review.final_because = OPENED
    review.save(update_fields=["final_because", "updated_at"])
