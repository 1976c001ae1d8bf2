"""The audit log in the back room, and the history of a row beside the row itself."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.template.loader import render_to_string
from unfold.admin import ModelAdmin
from unfold.decorators import display

from marketplace.core.models import AuditEntry, AuditEntryQuerySet

COLOURS = {"insert": "success", "update": "info", "delete": "danger"}
SHOWN_OF_A_ROW = 200  # of its latest changes


def with_who(entries: AuditEntryQuerySet) -> QuerySet[Any]:
    """The entries with the address of who was signed in, as `who`; None where nobody was, or who is no more."""
    return entries.annotate(who=Subquery(get_user_model().objects.filter(pk=OuterRef("person_id")).values("email")[:1]))


def changes_of(entry: AuditEntry) -> list[tuple[str, Any, Any]]:
    """What changed: each column with its value before and after; only what the table had from the start is None."""
    before, after = entry.before or {}, entry.after or {}
    return [(column, before.get(column), after.get(column)) for column in {**before, **after}]


class WithHistory:
    """Shows below a row's own fields who changed what in it, and when; put it before `ModelAdmin`."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields: list[Any] = list(super().get_readonly_fields(request, obj))  # type: ignore[misc]  # ModelAdmin's
        return [*fields, "audited_changes"] if obj is not None else fields

    @display(description="History")
    def audited_changes(self, row: Model) -> str:
        latest = with_who(AuditEntry.objects.of(row)).order_by("-id")[:SHOWN_OF_A_ROW]
        lines = [(entry, changes_of(entry)) for entry in latest]
        return render_to_string("core/audit_history.html", {"lines": lines})


@admin.register(AuditEntry)
class AuditEntryAdmin(ModelAdmin):
    """Every change of money or state. Nobody writes here: the database would refuse it."""

    list_display = ["at", "shown_operation", "table", "row_id", "shown_who", "source", "shown_columns"]
    list_filter = ["operation", "table", "at"]
    search_fields = ["=row_id", "=person_id", "=request_id", "source"]
    search_help_text = "The id of a row, a person or a request, or a part of the source"
    ordering = ["-id"]
    date_hierarchy = "at"
    show_full_result_count = False  # the table is long, and its length tells nothing
    fields = ["at", "operation", "table", "row_id", "shown_who", "source", "request_id", "transaction", "changes"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_who(super().get_queryset(request))

    @display(description="Operation", ordering="operation", label=COLOURS)
    def shown_operation(self, entry: AuditEntry) -> tuple[str, str]:
        return entry.operation, entry.operation

    @display(description="Who")
    def shown_who(self, entry: Any) -> str:
        return entry.who or (str(entry.person_id) if entry.person_id else "")

    @display(description="Changed")
    def shown_columns(self, entry: AuditEntry) -> str:
        return ", ".join(column for column, _, _ in changes_of(entry)) if entry.operation == "update" else ""

    @display(description="Changes")
    def changes(self, entry: AuditEntry) -> str:
        return render_to_string("core/audit_history.html", {"lines": [(entry, changes_of(entry))]})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
