"""Workers in the administration: the row that each writes of itself every few seconds."""

from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from unfold.decorators import display

from generation.admin.truth import ReadOnlyAdmin
from generation.models import Worker


@admin.register(Worker)
class WorkerAdmin(ReadOnlyAdmin):
    """Who is there to make works, and on what; what each is doing now is on the operations page."""

    list_display = ["name", "shown_queues", "device", "shown_memory", "shown_engines", "started_at", "beat_at"]
    list_filter = ["host", "device"]
    search_fields = ["name", "host"]
    fields = [
        "name", "host", "shown_queues", "device", "shown_memory", "shown_engines", "started_at", "beat_at", "samples",
    ]  # fmt: skip
    readonly_fields = ["shown_queues", "shown_memory", "shown_engines"]

    @display(description="Queues")
    def shown_queues(self, worker: Worker) -> str:
        return ", ".join(worker.queues)

    @display(description="Loaded")
    def shown_engines(self, worker: Worker) -> str:
        return ", ".join(worker.engines) or "-"

    @display(description="Memory", ordering="memory_used")
    def shown_memory(self, worker: Worker) -> str:
        if not worker.memory_total:
            return "-"
        return f"{filesizeformat(worker.memory_used)} of {filesizeformat(worker.memory_total)}"
