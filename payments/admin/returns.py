"""Refunds, to be read and where they failed decided about, and disputes, which are answered here."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from marketplace.accounts.models import User
from marketplace.core.admin import WithHistory
from marketplace.core.errors import AtelierError
from marketplace.core.money import Money
from payments import services
from payments.admin.books import ReadOnly
from payments.models import Dispute, Refund
from payments.services.evidence import TEXTS

REFUND_COLOURS = {
    "requested": "warning",
    "pending": "info",
    "succeeded": "success",
    "failed": "danger",
    "settled": "success",
}
DISPUTE_COLOURS = {"inquiry": "info", "open": "warning", "won": "success", "lost": "danger"}


class OtherwiseForm(forms.Form):
    """How the payer of a failed refund got their money."""

    how = forms.CharField(
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text="Such as: bank transfer of 3 May. The payer reads it, and the ledger takes it from the house's bank.",
    )


@admin.register(Refund)
class RefundAdmin(WithHistory, ReadOnly, ModelAdmin):
    list_display = ["payment", "shown_amount", "shown_state", "reason", "asked_by", "failure", "created_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["payment", "asked_by"]
    search_fields = ["reference", "stripe_id", "payment__reference", "payment__payer__email"]
    date_hierarchy = "created_at"
    actions = ["try_again"]
    actions_detail = ["given_otherwise"]

    @admin.action(description="Try those again that failed", permissions=["operate"])
    def try_again(self, request: HttpRequest, refunds: QuerySet[Refund]) -> None:
        for refund in refunds:
            try:
                services.refund_again(refund_id=refund.pk, by=cast("User", request.user))
            except AtelierError as error:
                messages.error(request, f"{refund}: {error.detail}")
            else:
                messages.success(request, f"{refund}: asked for again.")

    @action(description="Given otherwise", url_path="given-otherwise", permissions=["operate"])
    def given_otherwise(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The payer has the money of a failed refund by another way: staff say how."""
        refund = get_object_or_404(Refund, pk=object_id)
        form = OtherwiseForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                services.settle_refund_otherwise(
                    refund_id=refund.pk, by=cast("User", request.user), how=form.cleaned_data["how"]
                )
            except AtelierError as error:
                messages.error(request, error.detail)
            else:
                messages.success(request, f"{refund}: given otherwise.")
            return redirect("admin:payments_refund_change", refund.pk)
        shown = {**self.admin_site.each_context(request), "title": f"Given otherwise: {refund}", "form": form}
        return render(request, "payments/given_otherwise.html", shown)

    def has_operate_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        """Who may change refunds decides what becomes of those that failed, though nobody edits their fields."""
        return request.user.has_perm("payments.change_refund")

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
