"""Figures of the works in the making, for Prometheus. Queries run on partial indexes: finished jobs cost nothing."""

from collections.abc import Iterator

from django.db.models import Count, ExpressionWrapper, F, Min
from django.db.models.fields import DurationField
from django.db.models.functions import Now
from prometheus_client.core import GaugeMetricFamily, Metric

from generation.models import Job, JobState, Worker


class JobFigures:
    """A Prometheus collector: queues, leases, dead letters, workers, and what each worker has counted."""

    def describe(self) -> list[Metric]:
        """Nothing beforehand: registering must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Ask the database and yield metric families."""
        yield from self._jobs()
        yield from self._workers()
        yield from self._counted()

    def _jobs(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily(
            "atelier_jobs", "Jobs that wait or run.", labels=["state", "queue", "priority", "engine"]
        )
        open_jobs = Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING])
        for *labels, count in open_jobs.values_list("state", "queue", "priority", "engine").annotate(Count("pk")):
            jobs.add_metric([str(label) for label in labels], count)
        yield jobs
        # By priority: a training may wait for a day and all is well.
        oldest = GaugeMetricFamily(
            "atelier_oldest_wait_seconds", "How long the first in line waits.", labels=["queue", "priority"]
        )
        waiting = Job.objects.filter(state=JobState.QUEUED, available_at__lte=Now()).values("queue", "priority")
        age = ExpressionWrapper(Now() - F("since"), output_field=DurationField())
        for row in waiting.annotate(since=Min("available_at")).annotate(age=age).values("queue", "priority", "age"):
            oldest.add_metric([row["queue"], str(row["priority"])], row["age"].total_seconds())
        yield oldest
        yield GaugeMetricFamily(
            "atelier_leases_lapsed", "Running jobs whose worker is silent.", value=Job.objects.lapsed().count()
        )
        dead = Job.objects.filter(dead_at__isnull=False).count()
        yield GaugeMetricFamily("atelier_dead_letters", "Failed jobs that nobody has looked at.", value=dead)

    def _workers(self) -> Iterator[Metric]:
        names = ["worker", "device"]
        silence = GaugeMetricFamily("atelier_worker_silence_seconds", "Since a worker's last beat.", labels=names)
        used = GaugeMetricFamily("atelier_device_memory_used_bytes", "Device memory in use.", labels=names)
        total = GaugeMetricFamily("atelier_device_memory_bytes", "Device memory there is.", labels=names)
        age = ExpressionWrapper(Now() - F("beat_at"), output_field=DurationField())
        for worker in Worker.objects.annotate(age=age).defer("samples"):
            labels = [worker.name, worker.device]
            silence.add_metric(labels, worker.age.total_seconds())
            used.add_metric(labels, worker.memory_used)
            total.add_metric(labels, worker.memory_total)
        yield from (silence, used, total)

    def _counted(self) -> Iterator[Metric]:
        """The workers' own counters, one family each, told apart by the label `worker`."""
        families: dict[str, Metric] = {}
        for name, told in Worker.objects.values_list("name", "samples"):
            for family in told:
                shared = families.setdefault(family["name"], Metric(family["name"], family["help"], family["kind"]))
                for sample, labels, value in family["samples"]:
                    shared.add_sample(sample, {**labels, "worker": name}, value)
        yield from families.values()
