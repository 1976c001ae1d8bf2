"""Commissions in the curators' back room: to be read, and followed to the job and the payment."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from marketplace.commissions.models import Commission
from marketplace.core.admin import WithHistory

COLOURS = {
    "delivered": "success", "accepted": "success", "proof": "info", "painting": "info",
    "awaiting_payment": "warning", "failed": "danger", "lapsed": "danger",
}  # fmt: skip


@admin.register(Commission)
class CommissionAdmin(WithHistory, ModelAdmin):
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
