"""The artist at work: candidates by the house's machines or brought finished, each kept; one of them the proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation import services as generation
from generation.engines import registry
from generation.engines.finished.declarations import FINISHED, PICTURE
from generation.models import Artwork, FileRole, JobInput, TrainedModel, Upload
from generation.models.jobs import FINAL_STATES
from marketplace.accounts.models import User
from marketplace.commissions.errors import BudgetSpent, StyleWithdrawn
from marketplace.commissions.models import Brief, Candidate
from marketplace.commissions.selectors import budget_of
from marketplace.commissions.services.briefs.escrow import in_escrow
from marketplace.commissions.services.briefs.pictures import brought_pictures
from marketplace.commissions.services.briefs.steps import CHANNEL, locked, locked_for_artist, move
from marketplace.commissions.services.briefs.telling import day, tell
from marketplace.core import notify
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.machine import NotNow

State = Brief.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a candidate is made with: pictures are named by the engine's inputs."""

    engine: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    uploads: Sequence[tuple[str, UUID]] = ()  # the artist's own, or pictures of the brief
    artworks: Sequence[tuple[str, UUID]] = ()  # the artist's own, or those whose style the quote names
    model_id: UUID | None = None  # the artist's own, or one that the quote names


@transaction.atomic
def make_candidate(*, artist_user: User, brief_id: UUID, recipe: Recipe, note: str = "") -> Candidate:
    """Have the house's machines make a picture for a brief, as long as its compute budget lasts.

    Raises NotFound, NotNow, BudgetSpent, StyleWithdrawn, InvalidInput as `generation.submit_job`.
    """
    brief = _at_work(artist_user, brief_id)
    if not budget_of(brief).has_room:
        raise BudgetSpent()
    inputs = [_upload_input(brief, name, upload_id) for name, upload_id in recipe.uploads]
    inputs += [_artwork_input(brief, name, artwork_id) for name, artwork_id in recipe.artworks]
    return _submit(
        brief, note, engine=recipe.engine, parameters=recipe.parameters, seed=recipe.seed, inputs=inputs,
        trained_model=_model(brief, recipe.model_id),
    )  # fmt: skip


@transaction.atomic
def bring_candidate(*, artist_user: User, brief_id: UUID, upload_id: UUID, note: str = "") -> Candidate:
    """Bring a picture that was finished elsewhere; it costs nothing of the compute budget.

    Raises NotFound, NotNow, PhotographNotReady.
    """
    brief = _at_work(artist_user, brief_id)
    [upload] = brought_pictures(artist_user, [upload_id], "upload")
    inputs = [JobInput.of_upload(PICTURE, upload)]
    return _submit(brief, note, upload=upload, engine=FINISHED.name, parameters={}, seed=0, inputs=inputs)


@transaction.atomic
def submit_proof(*, artist_user: User, brief_id: UUID, candidate_id: UUID, note: str | None = None) -> Brief:
    """Show one candidate, watermarked, for the collector to answer. Submitting the same again changes nothing.

    Raises NotFound, NotNow, Conflict where it is not painted, or held for a curator.
    """
    brief = locked_for_artist(artist_user, brief_id)
    candidate = brief.candidates.select_related("job__artwork").filter(pk=candidate_id).first()
    if candidate is None:
        raise NotFound(gettext("There is no such candidate."))
    if brief.state == State.PROOF and brief.proof_id == candidate.pk:
        return brief
    artwork = candidate.artwork
    if artwork is None:
        raise Conflict(gettext("This candidate is not painted yet, or came to nothing."))
    if artwork.is_held or artwork.visibility == Artwork.Visibility.HIDDEN:
        raise Conflict(gettext("A curator looks at this picture first."))
    if not in_escrow(brief):
        raise NotNow(gettext("Nothing is in escrow for it."), state=brief.state)
    now = timezone.now()
    candidate.shown_at = now
    candidate.note = candidate.note if note is None else note.strip()[:1000]
    candidate.save(update_fields=["shown_at", "note", "updated_at"])
    accept_by = now + timedelta(days=settings.ATELIER.acceptance_days)
    move(brief, "submit", proof=candidate, accept_by=accept_by, due_at=None)
    body = format_lazy(
        _("Accept it, or ask for a change, until {day}; without an answer it then counts as accepted."),
        day=day(accept_by),
    )
    tell(
        brief,
        brief.collector,
        "proof.ready",
        format_lazy(_("Your proof of {brief_title} is ready"), brief_title=brief.title),
        body,
        once=accept_by.isoformat(),
    )
    return brief


@transaction.atomic
def take_proof_back(*, artwork_id: UUID) -> None:
    """A curator holds back, or refused, the picture that is to be answered: the artist goes on, with time for it."""
    candidate = Candidate.objects.filter(job__artwork=artwork_id).first()
    brief = locked(candidate.brief_id) if candidate else None
    if candidate is None or brief is None or brief.state != State.PROOF or brief.proof_id != candidate.pk:
        return
    if Artwork.objects.get(pk=artwork_id).visibility not in {Artwork.Visibility.HELD, Artwork.Visibility.HIDDEN}:
        return
    assert brief.quote is not None
    due_at = timezone.now() + timedelta(days=brief.quote.revision_days)
    move(brief, "take_back", accept_by=None, due_at=due_at)
    told = format_lazy(_("A curator looks at your proof of {brief_title}"), brief_title=brief.title)
    tell(
        brief,
        brief.artist.user,
        "commission.due",
        told,
        format_lazy(_("Another may be shown until {day}."), day=day(due_at)),
        once=due_at,
    )


def watch_candidate(*, job_id: UUID) -> None:
    """A candidate is painted, or came to nothing: whoever watches the brief looks again."""
    candidate = Candidate.objects.filter(job=job_id).first()
    if candidate is not None:
        notify.publish(CHANNEL, str(candidate.brief_id))


def stop_machines(brief: Brief) -> None:
    """Call off what is still being painted for a brief that has ended."""
    for job_id in brief.candidates.exclude(job__state__in=FINAL_STATES).values_list("job_id", flat=True):
        generation.cancel_job(job_id=job_id)


def _at_work(artist_user: User, brief_id: UUID) -> Brief:
    brief = locked_for_artist(artist_user, brief_id)
    if brief.state != State.IN_PROGRESS:
        raise NotNow(
            gettext("Nothing is made while it is %(get_state_display)s.")
            % {"get_state_display": brief.get_state_display().lower()},
            state=brief.state,
        )
    return brief


def _submit(brief: Brief, note: str, *, upload: Upload | None = None, **asked: Any) -> Candidate:
    number = brief.candidates.count() + 1
    job = generation.submit_job(
        owner=brief.artist.user, title=brief.title, as_proof=True, lender=brief.collector,
        request_key=f"brief:{brief.pk}:{number}", **asked,
    )  # fmt: skip
    notify.publish(CHANNEL, str(brief.pk))
    return Candidate.objects.create(brief=brief, number=number, job=job, upload=upload, note=note.strip()[:1000])


def _upload_input(brief: Brief, name: str, upload_id: UUID) -> JobInput:
    """A picture of the artist's, or one that the collector brought to the brief. Raises InvalidInput."""
    own = Upload.objects.owned_by(brief.artist.user_id).ready().filter(pk=upload_id)
    brought = brief.references.ready().filter(pk=upload_id)
    said = Upload.objects.ready().filter(pk=upload_id, pk__in=brief.messages.values("attachments"))
    found = own.first() or brought.first() or said.first()
    if found is None:
        told = [gettext("Yours, or one that the collector brought to the commission.")]
        raise InvalidInput(gettext("This picture cannot be used."), errors={f"inputs.{name}": told})
    return JobInput.of_upload(name, found)


def _artwork_input(brief: Brief, name: str, artwork_id: UUID) -> JobInput:
    """A work of the artist's, or one whose style is lent to this commission. Raises InvalidInput."""
    lent = {UUID(one["artwork"]) for one in brief.consents if "artwork" in one}
    artwork = Artwork.objects.prefetch_related("files").filter(pk=artwork_id, files__role=FileRole.ORIGINAL).first()
    if artwork is None or (artwork.artist_id != brief.artist_id and artwork.pk not in lent):
        told = [gettext("Yours, or one whose style the quote names.")]
        raise InvalidInput(gettext("This work cannot be used."), errors={f"inputs.{name}": told})
    return JobInput.of_artwork(name, artwork)


def _model(brief: Brief, model_id: UUID | None) -> TrainedModel | None:
    """A model of the artist's, or one that is lent to this commission. Raises InvalidInput, StyleWithdrawn."""
    if model_id is None:
        return None
    lent = {UUID(one["model"]) for one in brief.consents if "model" in one}
    model = TrainedModel.objects.select_related("artist").filter(pk=model_id).first()
    if model is None or (model.artist_id != brief.artist_id and model.pk not in lent):
        told = [gettext("Yours, or one that the quote names.")]
        raise InvalidInput(gettext("This model cannot be used."), errors={"model": told})
    if model.state == TrainedModel.State.WITHDRAWN:
        raise StyleWithdrawn(gettext("The model was withdrawn altogether."))
    return model


def knows_engine(name: str) -> bool:
    """Whether candidates can be made by it: it makes something to look at, and is no training."""
    return any(engine.name == name and engine.medium and not engine.trains for engine in registry.declarations())
