"""Workers as the house sees them: where each runs, on what, and the counters it keeps."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now


class Worker(models.Model):
    """One worker process, by the beat it last gave. Its row goes ten minutes after it fell silent."""

    name = models.CharField(max_length=120, primary_key=True, help_text="host:process")
    host = models.CharField(max_length=120)
    queues = models.JSONField(default=list)
    device = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField(db_default=Now())
    beat_at = models.DateTimeField(db_default=Now())
    memory_used = models.BigIntegerField(default=0, help_text="Bytes of device memory in use.")
    memory_total = models.BigIntegerField(default=0)
    engines = models.JSONField(default=list, blank=True, help_text="What it has loaded.")
    samples = models.JSONField(default=list, blank=True, help_text="Its Prometheus counters: name, labels, value.")

    class Meta:
        ordering: ClassVar[list[Any]] = ["name"]

    def __str__(self) -> str:
        return self.name
