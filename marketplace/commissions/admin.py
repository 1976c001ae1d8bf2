"""Commissions in the curators' back room: to be read, and followed to the job and the payment."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from generation import selectors as generation
from generation.models import Upload
from marketplace.commissions.models import Brief, BriefDispute, Commission, Evidence, Instalment, Reroll
from marketplace.core.admin import WithHistory

COLOURS = {
    "delivered": "success", "accepted": "success", "proof": "info", "painting": "info",
    "awaiting_payment": "warning", "failed": "danger", "lapsed": "danger",
}  # fmt: skip
BRIEF_COLOURS = {
    "delivered": "success", "proof": "info", "in_progress": "info", "disputed": "danger", "missed": "danger",
    "awaiting_deposit": "warning", "awaiting_balance": "warning", "reversed": "danger",
}  # fmt: skip


class RerollInline(TabularInline):
    """Every further picture that was asked for."""

    model = Reroll
    extra = 0
    fields = readonly_fields = ["number", "state", "seed", "parameters", "payment", "job", "reason"]

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Commission)
class CommissionAdmin(WithHistory, ModelAdmin):
    inlines = [RerollInline]
    list_display = ["id", "shown_state", "collector", "listing", "price", "created_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["collector", "listing__artwork", "listing__trained_model"]
    search_fields = ["id", "collector__email", "listing__artwork__title", "trained_model__name"]
    date_hierarchy = "created_at"

    @display(description="State", ordering="state", label=COLOURS)
    def shown_state(self, commission: Commission) -> tuple[str, str]:
        return commission.state, commission.get_state_display()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class _Read(WithHistory, ModelAdmin):
    """To be read: what moves these are the services alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Brief)
class BriefAdmin(_Read):
    list_display = ["title", "shown_state", "collector", "artist", "due_at", "accept_by", "created_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["collector", "artist"]
    search_fields = ["id", "title", "collector__email", "artist__name"]
    date_hierarchy = "created_at"

    @display(description="State", ordering="state", label=BRIEF_COLOURS)
    def shown_state(self, brief: Brief) -> tuple[str, str]:
        return brief.state, brief.get_state_display()


class EvidenceInline(TabularInline):
    """What both sides brought forward: words, and pictures that open for ten minutes."""

    model = Evidence
    extra = 0
    fields = readonly_fields = ["author", "text", "pictures", "created_at"]

    @display(description="Pictures")
    def pictures(self, evidence: Evidence) -> str:
        ready = evidence.uploads.filter(state=Upload.State.READY)
        withheld = evidence.uploads.count() - len(ready)
        shown = format_html_join(
            " ", '<a href="{}">{}</a>', [(generation.upload_url(one), one.filename) for one in ready]
        )
        return format_html("{} ({} withheld)", shown, withheld) if withheld else shown or "none"

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(BriefDispute)
class BriefDisputeAdmin(_Read):
    """Disputes; they are decided on their own page, where both sides and every picture are seen."""

    inlines = [EvidenceInline]
    list_display = ["brief", "opened_by", "created_at", "decided_at", "refund_bps", "is_delivered", "to_decide"]
    list_filter = ["decided_at", "is_delivered"]
    list_select_related = ["brief", "opened_by"]
    search_fields = ["brief__title", "opened_by__email"]

    @display(description="Decision")
    def to_decide(self, dispute: BriefDispute) -> str:
        return format_html('<a href="{}">Read and decide</a>', reverse("brief-decide", args=[dispute.brief_id]))


@admin.register(Instalment)
class InstalmentAdmin(_Read):
    list_display = ["brief", "kind", "amount", "is_paid", "refunded_bps", "settled_at"]
    list_filter = ["kind", "settled_at"]
    list_select_related = ["brief", "payment"]
    search_fields = ["brief__title", "payment__intent_id"]
