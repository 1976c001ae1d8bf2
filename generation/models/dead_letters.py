"""Dead letters: jobs that the house gave up through no fault of the user's, until somebody has looked at them."""

from typing import Any, ClassVar

from django.db import models

from generation.models.jobs import Job


class DeadLetterManager(models.Manager["DeadLetter"]):
    """Of all jobs the dead letters."""

    def get_queryset(self) -> "models.QuerySet[DeadLetter]":
        return super().get_queryset().filter(dead_at__isnull=False)


class DeadLetter(Job):
    """A job that waits for an operator's look. The services that take jobs take it by its id."""

    objects: ClassVar[DeadLetterManager] = DeadLetterManager()  # type: ignore[assignment]  # not a queryset of jobs

    class Meta:
        proxy = True
        verbose_name = "dead letter"
        ordering: ClassVar[list[Any]] = ["-dead_at"]
