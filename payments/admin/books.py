"""Payments, the ledger, calls and webhooks, to be read: money moves through services alone."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from marketplace.core.admin import WithHistory
from marketplace.core.money import Money
from payments import services
from payments.models import Account, Dispute, Entry, GatewayCall, Payment, Posting, Refund, WebhookEvent

COLOURS = {
    "captured": "success", "authorised": "info", "capturing": "info", "requires_payment": "warning",
    "releasing": "warning", "lapsed": "danger",
}  # fmt: skip
CALL_COLOURS = {"done": "success", "pending": "warning", "refused": "danger", "broken": "danger"}


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
    readonly_fields = ["created_at"]
    extra = 0


class RefundInline(ReadOnly, TabularInline):
    model = Refund
    fields = ["amount", "state", "reason", "failure", "created_at"]
    readonly_fields = ["created_at"]
    show_change_link = True
    extra = 0


class DisputeInline(ReadOnly, TabularInline):
    model = Dispute
    fields = ["amount", "state", "reason", "evidence_due_at", "closed_at"]
    show_change_link = True
    extra = 0


class PostingInline(ReadOnly, TabularInline):
    model = Posting
    fields = ["account", "amount"]
    extra = 0


@admin.register(Payment)
class PaymentAdmin(WithHistory, ReadOnly, ModelAdmin):
    list_display = ["reference", "shown_state", "price", "payer", "created_at"]
    list_filter = ["state", "currency", "created_at"]
    list_select_related = ["payer"]
    search_fields = ["reference", "intent_id", "payer__email"]
    exclude = ["client_secret"]
    inlines = [RefundInline, DisputeInline, GatewayCallInline]
    date_hierarchy = "created_at"

    @display(description="State", ordering="state", label=COLOURS)
    def shown_state(self, payment: Payment) -> tuple[str, str]:
        return payment.state, payment.get_state_display()


@admin.register(GatewayCall)
class GatewayCallAdmin(ReadOnly, ModelAdmin):
    """Everything that was asked of the provider, and what it answered."""

    list_display = ["key", "payment", "operation", "shown_state", "tries", "answer", "error", "created_at"]
    list_filter = ["state", "operation", "created_at"]
    list_select_related = ["payment"]
    search_fields = ["key", "payment__reference", "answer"]
    date_hierarchy = "created_at"

    @display(description="State", ordering="state", label=CALL_COLOURS)
    def shown_state(self, call: GatewayCall) -> tuple[str, str]:
        return call.state, call.get_state_display()


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnly, ModelAdmin):
    """What the provider told us; any event may be worked on again, since that only asks how things stand now."""

    list_display = ["stripe_id", "type", "received_at", "processed_at", "attempts", "last_error", "note"]
    list_filter = ["type", ("processed_at", admin.EmptyFieldListFilter), "received_at"]
    search_fields = ["stripe_id"]
    ordering = ["-received_at"]
    actions = ["process_again"]

    @admin.action(description="Process again", permissions=["operate"])
    def process_again(self, request: HttpRequest, events: QuerySet[WebhookEvent]) -> None:
        for event in events:
            services.reprocess_webhook(event_id=event.pk)
        messages.success(request, f"To be processed again: {len(events)}.")

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Who may change events may have them processed, though nobody edits their fields."""
        return request.user.has_perm("payments.change_webhookevent")


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
