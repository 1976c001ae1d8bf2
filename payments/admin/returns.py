"""Refunds, to be read, and disputes, which are answered here."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldBooleanSwitchWidget

from marketplace.accounts.models import User
from marketplace.core.admin import WithHistory
from marketplace.core.errors import AtelierError
from marketplace.core.money import Money
from payments import services
from payments.admin.books import ReadOnly
from payments.models import Dispute, Refund
from payments.services.evidence import TEXTS

REFUND_COLOURS = {"requested": "warning", "pending": "info", "succeeded": "success", "failed": "danger"}
DISPUTE_COLOURS = {"inquiry": "info", "open": "warning", "won": "success", "lost": "danger"}


@admin.register(Refund)
class RefundAdmin(WithHistory, ReadOnly, ModelAdmin):
    list_display = ["payment", "shown_amount", "shown_state", "reason", "asked_by", "failure", "created_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["payment", "asked_by"]
    search_fields = ["reference", "stripe_id", "payment__reference", "payment__payer__email"]
    date_hierarchy = "created_at"

    @display(description="Amount", ordering="amount")
    def shown_amount(self, refund: Refund) -> str:
        return str(Money(refund.amount, refund.payment.currency))

    @display(description="State", ordering="state", label=REFUND_COLOURS)
    def shown_state(self, refund: Refund) -> tuple[str, str]:
        return refund.state, refund.get_state_display()


class EvidenceForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own class takes none
    """What is said to the bank: kept with us until it is handed in."""

    hand_in = forms.BooleanField(
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        label="Hand it in",
        help_text="The bank gets it at once, and it cannot be taken back.",
    )

    class Meta:
        model = Dispute
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            self.fields[name].initial = self.instance.evidence.get(name, "")


# The admin asks the form's class for its fields, so they have to be there before any form is made.
for _name in TEXTS:
    _widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})
    EvidenceForm.base_fields[_name] = forms.CharField(required=False, widget=_widget)
    EvidenceForm.declared_fields[_name] = EvidenceForm.base_fields[_name]


@admin.register(Dispute)
class DisputeAdmin(WithHistory, ModelAdmin):
    """Disputes, those first that have to be answered soonest; evidence is kept, and handed in."""

    form = EvidenceForm
    list_display = ["payment", "shown_amount", "shown_state", "reason", "evidence_due_at", "submitted_at", "created_at"]
    list_filter = ["state", "reason", "created_at"]
    list_select_related = ["payment"]
    search_fields = ["stripe_id", "payment__reference", "payment__payer__email"]
    ordering = ["closed_at", "evidence_due_at"]
    readonly_fields = [
        "payment", "shown_amount", "shown_state", "reason", "fee", "evidence", "evidence_due_at", "asked_by",
        "submitted_at", "failure", "closed_at", "stripe_id", "status",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Dispute | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.closed_at is None)

    def get_fieldsets(self, request: HttpRequest, obj: Dispute | None = None) -> Any:
        told = (None, {"fields": [*self.readonly_fields, "audited_changes"]})
        if not self.has_change_permission(request, obj):
            return [told]
        return [told, ("What we say to the bank", {"fields": [*TEXTS, "hand_in"]})]

    def save_model(self, request: HttpRequest, obj: Dispute, form: Any, change: bool) -> None:
        """Nothing of the row itself is changed here: the evidence is kept, or handed in."""
        texts = {name: form.cleaned_data[name] for name in TEXTS}
        try:
            services.keep_evidence(
                dispute_id=obj.pk, texts=texts, by=cast("User", request.user), hand_in=form.cleaned_data["hand_in"]
            )
        except AtelierError as error:
            messages.error(request, error.detail)

    @display(description="Amount", ordering="amount")
    def shown_amount(self, dispute: Dispute) -> str:
        return str(Money(dispute.amount, dispute.payment.currency))

    @display(description="State", ordering="state", label=DISPUTE_COLOURS)
    def shown_state(self, dispute: Dispute) -> tuple[str, str]:
        return dispute.state, dispute.get_state_display()
