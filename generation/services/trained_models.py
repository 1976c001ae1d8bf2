"""Models that trainings came to: published, deprecated, withdrawn and brought back, with words and named directions."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext

from generation.errors import ModelFixed, ModelSoldAlready
from generation.models import MODEL_MOVES, DatasetState, ModelState, TrainedModel
from generation.services.held_models import require_shown
from marketplace.accounts import selectors as accounts
from marketplace.accounts.models import User
from marketplace.core.errors import InvalidInput, NotFound, PermissionRefused
from marketplace.core.languages import kept
from marketplace.core.outbox import emit

log = structlog.get_logger(__name__)
MOST_DIRECTIONS = 16  # that have names
DATASET_WITHDRAWN = kept("Its artist withdrew the pictures that it learnt from.")


def publish_model(*, model_id: UUID, by: User) -> TrainedModel:
    """Open a model to everybody; doing it again changes nothing.

    Raises NotFound, ArtistSuspended, ModelFixed, ModelHeld, ModelSoldAlready.
    """
    return _bring(model_id, by, ModelState.PUBLISHED)


def deprecate_model(*, model_id: UUID, by: User) -> TrainedModel:
    """Offer a model to nobody new: what was made with it stays. Raises NotFound, ModelFixed."""
    return _bring(model_id, by, ModelState.DEPRECATED)


def withdraw_model(*, model_id: UUID, by: User, reason: str = "") -> TrainedModel:
    """Let a model be used by nobody any more: its artist's right, and that of curators and staff, who say why.

    Raises NotFound, ModelFixed, InvalidInput.
    """
    with transaction.atomic():
        model = _locked(model_id, by, as_house=True)
        by_house = model.artist.user_id != by.pk
        is_withdrawn = model.state == ModelState.WITHDRAWN
        if is_withdrawn and (model.withdrawn_by_house or not by_house):
            return model
        if by_house and not reason.strip():
            raise InvalidInput(gettext("Say why."), errors={"reason": [gettext("Its artist is told.")]})
        if not is_withdrawn:
            model.state_before, model.state = model.state, ModelState.WITHDRAWN
        model.withdrawn_with_dataset = False
        model.withdrawn_reason, model.withdrawn_by_house = reason.strip()[:500], by_house
        model.save()
        emit("model.withdrawn", model.pk)
    log.info("model.withdrawn", model=str(model_id), by=str(by.pk), by_house=by_house)
    return model


def restore_model(*, model_id: UUID, by: User) -> TrainedModel:
    """Undo a withdrawal; what the house withdrew only the house brings back. Raises NotFound, ModelFixed,
    PermissionRefused.
    """
    with transaction.atomic():
        model = _locked(model_id, by, as_house=True)
        if model.state != ModelState.WITHDRAWN:
            raise ModelFixed(gettext("This model is not withdrawn."))
        if model.training.dataset.state == DatasetState.WITHDRAWN:
            raise ModelFixed(gettext("Its dataset is withdrawn: bring that back first."))
        if model.withdrawn_by_house and not _is_house(by):
            raise PermissionRefused(gettext("The house withdrew this model: ask its curators."))
        model.state, model.state_before = model.state_before, ""
        model.withdrawn_reason, model.withdrawn_by_house = "", False
        model.save()
    log.info("model.restored", model=str(model_id), by=str(by.pk))
    return model


def withdraw_models_of(dataset_id: UUID) -> None:
    """Let no model be used that learnt from a dataset; in the transaction that withdraws the dataset."""
    models = TrainedModel.objects.filter(training__dataset_id=dataset_id).exclude(state=ModelState.WITHDRAWN)
    gone = list(models.select_for_update().values_list("pk", flat=True))
    TrainedModel.objects.filter(pk__in=gone).update(
        state_before=F("state"), state=ModelState.WITHDRAWN, withdrawn_reason=DATASET_WITHDRAWN,
        withdrawn_with_dataset=True, updated_at=Now(),
    )  # fmt: skip
    emit("model.withdrawn", *gone)


def restore_models_of(dataset_id: UUID) -> None:
    """Bring back what went with a dataset; in the transaction that brings back the dataset."""
    TrainedModel.objects.filter(training__dataset_id=dataset_id, withdrawn_with_dataset=True).update(
        state=F("state_before"), state_before="", withdrawn_reason="", withdrawn_with_dataset=False, updated_at=Now()
    )


def reserve_model(*, model_id: UUID) -> None:
    """Its artist sells what the model paints: from now on it paints for others only what they commissioned."""
    TrainedModel.objects.filter(pk=model_id).update(is_reserved=True, updated_at=Now())


def describe_model(
    *, model_id: UUID, by: User, description: str | None = None, directions: Sequence[tuple[int, str]] | None = None
) -> TrainedModel:
    """Say in words what a model paints, and what its directions change. Raises NotFound, InvalidInput."""
    with transaction.atomic():
        model = _locked(model_id, by)
        if description is not None:
            model.description = description[:2000]
        if directions is not None:
            model.directions = _named(directions)
        model.save()
    return model


def _named(directions: Sequence[tuple[int, str]]) -> list[dict[str, int | str]]:
    numbers = [number for number, _ in directions]
    is_right = all(0 <= number < MOST_DIRECTIONS for number in numbers) and len(set(numbers)) == len(numbers)
    if not is_right or not all(1 <= len(name.strip()) <= 40 for _, name in directions):
        hint = gettext("Each number from 0 to %(value)s once, with a name of 1 to 40 characters.") % {
            "value": MOST_DIRECTIONS - 1
        }
        raise InvalidInput(gettext("Some directions are not named rightly."), errors={"directions": [hint]})
    return [{"number": number, "name": name.strip()} for number, name in sorted(directions)]


def _bring(model_id: UUID, by: User, state: ModelState) -> TrainedModel:
    with transaction.atomic():
        model = _locked(model_id, by)
        if model.state == state:
            return model
        if model.state == ModelState.WITHDRAWN or state not in MODEL_MOVES[model.state]:
            raise ModelFixed(
                gettext("A model that is %(state)s cannot become %(state_2)s.")
                % {"state": model.state, "state_2": state}
            )
        if state == ModelState.PUBLISHED:
            accounts.require_approved(model.artist)
        require_shown(model)
        model.state = state
        model.published_at = model.published_at or timezone.now()
        _save_opened(model)
    log.info("model.moved", model=str(model_id), state=state)
    return model


def _save_opened(model: TrainedModel) -> None:
    """Raises ModelSoldAlready where a model with the same weights is, or once was, open to all."""
    try:
        with transaction.atomic():
            model.save()
    except IntegrityError as error:
        twins = TrainedModel.objects.filter(model_hash=model.model_hash, published_at__isnull=False)
        if not twins.exclude(pk=model.pk).exists():
            raise
        told = gettext(
            "A model with the very same weights was opened before: what it paints is the same, seed by seed."
        )
        raise ModelSoldAlready(told, model_hash=model.model_hash) from error


def _locked(model_id: UUID, by: User, *, as_house: bool = False) -> TrainedModel:
    models = TrainedModel.objects.select_for_update(of=("self",)).select_related("artist", "training__dataset")
    if not (as_house and _is_house(by)):
        models = models.filter(artist__user_id=by.pk)
    model = models.filter(pk=model_id).first()
    if model is None:
        raise NotFound(gettext("There is no such model."))
    return model


def _is_house(by: User) -> bool:
    return by.is_staff or by.is_curator
