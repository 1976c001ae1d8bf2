"""Reading searches, and which of them a job belongs to."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Min, Q
from django.utils.translation import gettext

from generation.models import Search, Trial, TrialState
from generation.models.searches import SearchQuerySet
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound


def searches_of(user: User) -> SearchQuerySet:
    """One's own searches, the newest first, each with how many trials it began (`begun`) and its best value."""
    complete = Q(trials__state=TrialState.COMPLETE)
    found = Search.objects.owned_by(user.pk).select_related("dataset", "artist").order_by("-id")
    return found.annotate(begun=Count("trials"), best_value=Min("trials__value", filter=complete))


def search_by_id(search_id: UUID, user: User) -> Search:
    """One of one's own searches. Raises NotFound."""
    search = searches_of(user).filter(pk=search_id).first()
    if search is None:
        raise NotFound(gettext("There is no such search."))
    return search


def trials_of(search: Search) -> list[Trial]:
    """A search's trials in the order in which they were begun, each with its training and its job."""
    return list(search.trials.select_related("training__job").order_by("number"))


def best_trial(search: Search) -> Trial | None:
    """The complete trial of the lowest value; the earlier one of two."""
    return search.trials.filter(state=TrialState.COMPLETE).order_by("value", "number").first()


def is_trial(job_id: UUID) -> bool:
    """Is the job a trial of a search?"""
    return Trial.objects.filter(training__job_id=job_id).exists()


def jobs_of_trials(job_ids: Collection[str]) -> Collection[str]:
    """Those of the jobs that are trials."""
    found = Trial.objects.filter(training__job_id__in=job_ids).values_list("training__job_id", flat=True)
    return [str(job_id) for job_id in found]


def search_of_job(job_id: UUID) -> UUID:
    """The search that a trial's job belongs to. Raises NotFound."""
    search_id = Trial.objects.filter(training__job_id=job_id).values_list("search_id", flat=True).first()
    if search_id is None:
        raise NotFound(gettext("This job is no trial."))
    return search_id
