"""Orders, and who owns what, to be read; the one thing that is done here is giving an order's money back."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from marketplace.core.admin import WithHistory
from marketplace.core.errors import AtelierError
from marketplace.orders import services
from marketplace.orders.models import Acquisition, Certificate, Gift, Order, Ownership

COLOURS = {
    "owned": "success", "paid": "info", "making": "info", "reserved": "warning", "refunding": "warning",
    "refunded": "danger", "reversed": "danger",
}  # fmt: skip


class ReadOnly:
    """No adding, no changing, no deleting."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Order)
class OrderAdmin(WithHistory, ReadOnly, ModelAdmin):
    list_display = ["id", "shown_state", "edition", "buyer", "seller", "total", "created_at"]
    list_filter = ["state", "currency", "created_at"]
    list_select_related = ["edition__release", "buyer", "seller"]
    search_fields = ["id", "buyer__email", "seller__email", "edition__release__title"]
    date_hierarchy = "created_at"
    actions = ["give_money_back"]

    @display(description="State", ordering="state", label=COLOURS)
    def shown_state(self, order: Order) -> tuple[str, str]:
        return order.state, order.get_state_display()

    @admin.action(description="Give the money back, and take the edition back", permissions=["refund"])
    def give_money_back(self, request: HttpRequest, orders: QuerySet[Order]) -> None:
        for order in orders:
            try:
                services.refund(order_id=order.pk, by=request.user, reason="The house refunded it.")  # type: ignore[arg-type]  # staff
            except AtelierError as error:
                messages.error(request, f"{order}: {error.detail}")
            else:
                messages.success(request, f"{order}: {order.total} go back.")

    def has_refund_permission(self, request: HttpRequest) -> bool:
        """Who may change orders may refund them, though nobody edits their fields."""
        return request.user.has_perm("orders.change_order")


@admin.register(Ownership)
class OwnershipAdmin(WithHistory, ReadOnly, ModelAdmin):
    list_display = ["edition", "owner", "source", "acquired_at"]
    list_select_related = ["edition__release", "owner"]
    search_fields = ["edition__release__title", "owner__email", "source"]


@admin.register(Acquisition)
class AcquisitionAdmin(ReadOnly, ModelAdmin):
    """Who owned what before."""

    list_display = ["edition", "step", "giver", "owner", "source", "created_at"]
    list_select_related = ["edition__release", "giver", "owner"]
    search_fields = ["edition__release__title", "owner__email", "source"]
    ordering = ["-created_at"]


@admin.register(Gift)
class GiftAdmin(WithHistory, ReadOnly, ModelAdmin):
    list_display = ["edition", "giver", "to_email", "state", "expires_at"]
    list_filter = ["state"]
    list_select_related = ["edition__release", "giver"]
    search_fields = ["edition__release__title", "giver__email", "to_email"]


@admin.register(Certificate)
class CertificateAdmin(ReadOnly, ModelAdmin):
    list_display = ["edition", "key", "created_at", "superseded_at"]
    list_select_related = ["edition__release", "key"]
    search_fields = ["id", "edition__release__title"]
