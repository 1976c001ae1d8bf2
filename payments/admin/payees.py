"""Payees, to be read: their accounts, what they are owed, what was sent, taken back, and paid out to their banks.

What is done here only asks again: the provider how things stand, or for what is due. Nothing is decided by hand.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from marketplace.core.admin import WithHistory
from marketplace.core.errors import AtelierError
from marketplace.core.money import Money
from payments import services
from payments.admin.books import ReadOnly
from payments.models import Payout, PayoutAccount, Reversal, Share, Transfer

STATE_COLOURS = {"requested": "warning", "made": "success", "refused": "danger"}
PAYOUT_COLOURS = {"paid": "success", "failed": "danger", "canceled": "danger", "in_transit": "info", "pending": "info"}


def asked(admin_: ModelAdmin, request: HttpRequest, rows: QuerySet[Any], ask: Callable[[Any], object]) -> None:
    """Ask for each row, and say what came of it; a refusal does not keep the others from being asked for."""
    done = 0
    for row in rows:
        try:
            ask(row)
        except AtelierError as error:
            admin_.message_user(request, f"{row}: {error.detail}", messages.ERROR)
        else:
            done += 1
    if done:
        admin_.message_user(request, f"Asked again: {done}.", messages.SUCCESS)


class Operated(ReadOnly):
    """Read only, with actions for those who may change such rows."""

    opts: Any

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")


class TransferInline(ReadOnly, TabularInline):
    model = Transfer
    fields = ["amount", "reversed", "state", "stripe_id", "failure", "created_at"]
    readonly_fields = ["created_at"]
    show_change_link = True
    extra = 0


class ReversalInline(ReadOnly, TabularInline):
    model = Reversal
    fields = ["amount", "reference", "state", "stripe_id", "failure", "created_at"]
    readonly_fields = ["created_at"]
    extra = 0


class PayoutInline(ReadOnly, TabularInline):
    model = Payout
    fields = ["amount", "currency", "status", "arrives_at", "failure"]
    extra = 0


@admin.register(PayoutAccount)
class PayoutAccountAdmin(WithHistory, Operated, ModelAdmin):
    list_display = ["user", "country", "transfers_active", "payouts_enabled", "disabled_reason", "seen_at"]
    list_filter = ["transfers_active", "payouts_enabled", "country"]
    list_select_related = ["user"]
    search_fields = ["user__email", "stripe_id"]
    inlines = [PayoutInline]
    actions = ["read_again"]

    @admin.action(description="Read again at the provider, with the payouts", permissions=["operate"])
    def read_again(self, request: HttpRequest, accounts: QuerySet[PayoutAccount]) -> None:
        def read(account: PayoutAccount) -> None:
            services.refresh_payout_account(account_id=account.pk)
            services.refresh_payouts(account_id=account.pk)

        asked(self, request, accounts, read)


@admin.register(Share)
class ShareAdmin(WithHistory, Operated, ModelAdmin):
    list_display = ["payment", "payee", "role", "shown_amount", "shown_owed", "release_at", "created_at"]
    list_filter = ["role", "payment__currency", "release_at"]
    list_select_related = ["payment", "payee"]
    search_fields = ["payee__email", "payment__reference"]
    date_hierarchy = "created_at"
    inlines = [TransferInline]
    actions = ["send_what_is_due"]

    @admin.action(description="Send their payees what is due now", permissions=["operate"])
    def send_what_is_due(self, request: HttpRequest, shares: QuerySet[Share]) -> None:
        rows = shares.order_by("payee").values_list("payee", "payment__currency").distinct()
        sent = [
            transfer
            for payee_id, currency in rows
            for transfer in services.request_transfers(payee_id=payee_id, currency=currency)
        ]
        self.message_user(request, f"Transfers asked for: {len(sent)}.", messages.SUCCESS)

    @display(description="Amount", ordering="amount")
    def shown_amount(self, share: Share) -> str:
        return str(Money(share.amount, share.payment.currency))

    @display(description="Still owed (negative: by the payee)")
    def shown_owed(self, share: Share) -> str:
        return str(Money(share.owed, share.payment.currency))


@admin.register(Transfer)
class TransferAdmin(WithHistory, Operated, ModelAdmin):
    list_display = ["share", "shown_amount", "shown_state", "stripe_id", "failure", "created_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["share__payment", "share__payee"]
    search_fields = ["stripe_id", "share__payee__email", "share__payment__reference"]
    date_hierarchy = "created_at"
    inlines = [ReversalInline]
    actions = ["carry_on"]

    @admin.action(description="Carry on with those that got no answer", permissions=["operate"])
    def carry_on(self, request: HttpRequest, transfers: QuerySet[Transfer]) -> None:
        asked(self, request, transfers, lambda one: services.perform_transfer(transfer_id=one.pk))

    @display(description="Amount", ordering="amount")
    def shown_amount(self, transfer: Transfer) -> str:
        return str(Money(transfer.amount, transfer.share.payment.currency))

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def shown_state(self, transfer: Transfer) -> tuple[str, str]:
        return transfer.state, transfer.get_state_display()


@admin.register(Reversal)
class ReversalAdmin(WithHistory, Operated, ModelAdmin):
    list_display = ["transfer", "reference", "shown_amount", "shown_state", "stripe_id", "failure", "created_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["transfer__share__payment", "transfer__share__payee"]
    search_fields = ["stripe_id", "reference", "transfer__share__payee__email"]
    date_hierarchy = "created_at"
    actions = ["carry_on"]

    @admin.action(description="Carry on with those that got no answer", permissions=["operate"])
    def carry_on(self, request: HttpRequest, reversals: QuerySet[Reversal]) -> None:
        asked(self, request, reversals, lambda one: services.perform_reversal(reversal_id=one.pk))

    @display(description="Amount", ordering="amount")
    def shown_amount(self, reversal: Reversal) -> str:
        return str(Money(reversal.amount, reversal.transfer.share.payment.currency))

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def shown_state(self, reversal: Reversal) -> tuple[str, str]:
        return reversal.state, reversal.get_state_display()


@admin.register(Payout)
class PayoutAdmin(WithHistory, Operated, ModelAdmin):
    list_display = ["account", "shown_amount", "shown_status", "arrives_at", "failure", "created_at"]
    list_filter = ["status", "currency", "created_at"]
    list_select_related = ["account__user"]
    search_fields = ["stripe_id", "account__user__email"]
    date_hierarchy = "created_at"
    actions = ["read_again"]

    @admin.action(description="Read again at the provider", permissions=["operate"])
    def read_again(self, request: HttpRequest, payouts: QuerySet[Payout]) -> None:
        asked(
            self, request, payouts,
            lambda one: services.refresh_payout(account_id=one.account_id, payout_id=one.stripe_id),
        )  # fmt: skip

    @display(description="Amount", ordering="amount")
    def shown_amount(self, payout: Payout) -> str:
        return str(Money(payout.amount, payout.currency))

    @display(description="Status", ordering="status", label=PAYOUT_COLOURS)
    def shown_status(self, payout: Payout) -> tuple[str, str]:
        return payout.status, payout.status.replace("_", " ")
