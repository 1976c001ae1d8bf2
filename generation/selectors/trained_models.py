"""Reading trainings and models."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from generation.models import Artwork, ModelState, TrainedModel, Training
from generation.models.training import TrainedModelQuerySet, TrainingQuerySet
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import NotFound

SAMPLES_SECONDS = 3600


def trainings_of(user: User) -> TrainingQuerySet:
    """One's own trainings, the newest first; the trials of searches are shown with these."""
    return _trainings(user).filter(trial=None)


def training_by_id(training_id: UUID, user: User) -> Training:
    """One of one's own trainings. Raises NotFound."""
    training = _trainings(user).filter(pk=training_id).first()
    if training is None:
        raise NotFound(gettext("There is no such training."))
    return training


def _trainings(user: User) -> TrainingQuerySet:
    return (
        Training.objects.owned_by(user.pk)
        .select_related("job", "dataset", "artist", "model", "resumed_by")
        .order_by("-id")
    )


def logs_url(training: Training) -> str:
    """An address of its logs for TensorBoard that lapses in an hour; nothing before there are any."""
    return storage.presigned_get(training.logs_key, expires=SAMPLES_SECONDS) if training.logs_key else ""


def models_shown(viewer: User | None) -> TrainedModelQuerySet:
    """Models that are open to all, and one's own; the newest first."""
    own = Q(artist__user=viewer) if viewer else Q(pk=None)
    models = TrainedModel.objects.filter(Q(state=ModelState.PUBLISHED) | own)
    return models.select_related("artist", "training__dataset").order_by("-id")


def models_for(viewer: User | None) -> TrainedModelQuerySet:
    """Models that this viewer may see: published ones, one's own, and for the house all; the newest first."""
    models = TrainedModel.objects.select_related("artist", "training__dataset").order_by("-id")
    if viewer is None:
        return models.published()
    if viewer.is_staff or viewer.is_curator:
        return models
    return models.filter(Q(state__in=[ModelState.PUBLISHED, ModelState.DEPRECATED]) | Q(artist__user=viewer))


def model_by_id(model_id: UUID, viewer: User | None) -> TrainedModel:
    """One model that this viewer may see. Raises NotFound."""
    model = models_for(viewer).filter(pk=model_id).first()
    if model is None:
        raise NotFound(gettext("There is no such model."))
    return model


def model_of(artwork: Artwork, viewer: User | None) -> TrainedModel | None:
    """The model that painted a work, if one did and this viewer may see it."""
    return models_for(viewer).filter(jobs__artwork=artwork).first()


def may_use_model(model: TrainedModel, user: User, *, is_ordered: bool = False) -> bool:
    """May works be asked of it? Unless withdrawn, always by its artist; published, by anybody, unless they are sold.

    What was ordered while it was open is made though it has been deprecated since.
    """
    if is_ordered and model.state in {ModelState.PUBLISHED, ModelState.DEPRECATED}:
        return True
    if model.state == ModelState.PUBLISHED and not model.is_reserved:
        return True
    return model.state != ModelState.WITHDRAWN and model.artist.user_id == user.pk


def samples_url(model: TrainedModel) -> str:
    """An address of its sheet of seeds that lapses in an hour; nothing while the gate holds it."""
    return _address(model, model.samples_key)


def directions_url(model: TrainedModel) -> str:
    """The same of what its directions change; nothing where it has none."""
    return _address(model, model.directions_key)


def _address(model: TrainedModel, key: str) -> str:
    return storage.presigned_get(key, expires=SAMPLES_SECONDS) if key and not model.is_held else ""
