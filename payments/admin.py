"""Payments and the ledger, to be read. Nothing here can be changed: money moves through services alone."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from marketplace.core.money import Money
from payments.models import Account, Entry, GatewayCall, Payment, Posting, WebhookEvent

COLOURS = {
    "captured": "success", "authorised": "info", "capturing": "info", "requires_payment": "warning",
    "releasing": "warning", "lapsed": "danger",
}  # fmt: skip


class ReadOnly:
    """No adding, no changing, no deleting."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class GatewayCallInline(ReadOnly, TabularInline):
    model = GatewayCall
    fields = ["operation", "number", "state", "tries", "error", "created_at"]
    extra = 0


class PostingInline(ReadOnly, TabularInline):
    model = Posting
    fields = ["account", "amount"]
    extra = 0


@admin.register(Payment)
class PaymentAdmin(ReadOnly, ModelAdmin):
    list_display = ["reference", "shown_state", "price", "payer", "created_at"]
    list_filter = ["state", "currency", "created_at"]
    list_select_related = ["payer"]
    search_fields = ["reference", "intent_id", "payer__email"]
    exclude = ["client_secret"]
    inlines = [GatewayCallInline]
    date_hierarchy = "created_at"

    @display(description="State", ordering="state", label=COLOURS)
    def shown_state(self, payment: Payment) -> tuple[str, str]:
        return payment.state, payment.get_state_display()


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnly, ModelAdmin):
    list_display = ["stripe_id", "type", "received_at", "processed_at", "note"]
    list_filter = ["type"]
    search_fields = ["stripe_id"]


@admin.register(Account)
class AccountAdmin(ReadOnly, ModelAdmin):
    list_display = ["code", "kind", "currency", "balance"]
    list_filter = ["kind", "currency"]
    search_fields = ["code"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        with_total: QuerySet[Any] = super().get_queryset(request).annotate(total=Coalesce(Sum("postings__amount"), 0))
        return with_total

    @display(description="Balance (debit less credit)", ordering="total")
    def balance(self, account: Any) -> str:
        return str(Money(account.total, account.currency))


@admin.register(Entry)
class EntryAdmin(ReadOnly, ModelAdmin):
    list_display = ["kind", "reference", "payment", "occurred_at"]
    list_filter = ["kind"]
    list_select_related = ["payment"]
    search_fields = ["reference"]
    inlines = [PostingInline]
    date_hierarchy = "occurred_at"
