"""Searches for the parameters that a training does best with, and their trials, each of which is a training."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from generation.models.datasets import Dataset
from generation.models.training import Training
from marketplace.accounts.models import Artist
from marketplace.core.models import TimeStamped


class SearchState(models.TextChoices):
    RUNNING = "running", _("Searching")
    STOPPED = "stopped", _("Stopped")
    FINISHED = "finished", _("Finished")


class TrialState(models.TextChoices):
    RUNNING = "running", _("Being trained")
    COMPLETE = "complete", _("Complete")
    PRUNED = "pruned", _("Stopped early")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Called off")


class SearchQuerySet(models.QuerySet["Search"]):
    """Searches by whose they are."""

    def owned_by(self, user_id: UUID) -> "SearchQuerySet":
        return self.filter(artist__user_id=user_id)


class Search(TimeStamped):
    """A search for better parameters over a frozen dataset. What it tries next follows from its trials' rows alone."""

    State = SearchState

    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="searches")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="searches")
    engine = models.CharField(max_length=80)
    name = models.CharField(max_length=80, help_text="Of the model that is to come of it.")
    parameters = models.JSONField(help_text="What is searched around, complete; the last training takes its budget.")
    space = models.JSONField(help_text="By parameter: the range or the options that are tried.")
    planned = models.PositiveSmallIntegerField(help_text="Trials at most.")
    parallel = models.PositiveSmallIntegerField(default=1, help_text="Trials at a time.")
    minutes = models.FloatField(help_text="Of training, all trials together.")
    trial_minutes = models.FloatField(help_text="Of training, a trial.")
    seed = models.BigIntegerField()
    importance = models.JSONField(default=dict, blank=True, help_text="By parameter: its share in what is good.")
    state = models.CharField(max_length=10, choices=SearchState.choices, default=SearchState.RUNNING)
    finished_at = models.DateTimeField(null=True, blank=True)
    request_key = models.CharField(max_length=300, null=True, blank=True, unique=True)

    objects: ClassVar[SearchQuerySet] = SearchQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        constraints = [
            models.CheckConstraint(name="generation_search_state", condition=Q(state__in=SearchState.values)),
            models.CheckConstraint(name="generation_search_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="generation_search_over_iff_finished",
                condition=Q(state="running", finished_at=None)
                | Q(state__in=["stopped", "finished"], finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="generation_search_trials", condition=Q(parallel__gte=1, planned__gte=F("parallel"))
            ),
            # The first trial fits into the budget, or nothing would ever be tried.
            models.CheckConstraint(
                name="generation_search_budget", condition=Q(trial_minutes__gt=0.0, minutes__gte=F("trial_minutes"))
            ),
            # Trials are not counted among an artist's trainings: so an artist searches for one thing at a time.
            models.UniqueConstraint(
                name="generation_search_one_at_a_time", fields=["artist"], condition=Q(state="running")
            ),
        ]
        indexes = [models.Index(name="generation_search_of_artist", fields=["artist", "-id"])]

    def __str__(self) -> str:
        return f"{self.name} {str(self.pk)[-6:]}"

    @property
    def is_running(self) -> bool:
        return self.state == SearchState.RUNNING

    def parameters_of(self, tried: Mapping[str, Any]) -> dict[str, Any]:
        """What a trial is trained with: all are judged alike, and for as long."""
        return {**self.parameters, **tried, "minutes": self.trial_minutes, "judged_by": "likeness"}


class Trial(TimeStamped):
    """Some parameters that were tried; the training's learning curve says how they fare."""

    State = TrialState

    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="trials")
    number = models.PositiveSmallIntegerField(help_text="From 0, which tries the parameters searched around.")
    training = models.OneToOneField(Training, on_delete=models.PROTECT, null=True, blank=True, related_name="trial")
    parameters = models.JSONField(help_text="Of the search's space.")
    state = models.CharField(max_length=10, choices=TrialState.choices, default=TrialState.RUNNING)
    value = models.FloatField(null=True, blank=True, help_text="The best validation of its run; lower is better.")
    problem = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[Any]] = ["search", "number"]
        constraints = [
            models.UniqueConstraint(name="generation_trial_number", fields=["search", "number"]),
            models.CheckConstraint(name="generation_trial_state", condition=Q(state__in=TrialState.values)),
            models.CheckConstraint(
                name="generation_trial_complete_iff_value",
                condition=Q(state="complete", value__isnull=False) | (~Q(state="complete") & Q(value=None)),
            ),
            # What the engine would not take was never trained.
            models.CheckConstraint(
                name="generation_trial_trained", condition=Q(training__isnull=False) | Q(state="failed")
            ),
            models.CheckConstraint(
                name="generation_trial_failed_says_why", condition=~Q(state="failed") | ~Q(problem="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.search} #{self.number}"
