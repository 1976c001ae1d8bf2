"""Taxes and papers, to be read: a tax is the provider's, and a paper stands as it was issued."""

from django.contrib import admin
from unfold.admin import ModelAdmin
from unfold.decorators import display

from marketplace.core.admin import WithHistory
from payments.admin.books import ReadOnly
from payments.models import Paper, SaleTax, TaxReversal

COLOURS = {"requested": "warning", "made": "success", "refused": "danger"}


@admin.register(SaleTax)
class SaleTaxAdmin(WithHistory, ReadOnly, ModelAdmin):
    list_display = ["payment", "country", "region", "label", "transaction_id", "failure", "created_at"]
    list_filter = ["country", "reason", "created_at"]
    list_select_related = ["payment"]
    search_fields = ["calculation_id", "transaction_id", "payment__reference", "payment__payer__email"]
    date_hierarchy = "created_at"


@admin.register(TaxReversal)
class TaxReversalAdmin(WithHistory, ReadOnly, ModelAdmin):
    list_display = ["tax", "reference", "amount", "tax_amount", "shown_state", "failure", "created_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["tax__payment"]
    search_fields = ["reference", "stripe_id", "tax__payment__reference"]

    @display(description="State", ordering="state", label=COLOURS)
    def shown_state(self, reversal: TaxReversal) -> tuple[str, str]:
        return reversal.state, reversal.get_state_display()


@admin.register(Paper)
class PaperAdmin(WithHistory, ReadOnly, ModelAdmin):
    list_display = ["name", "kind", "person", "total", "corrects", "issued_at"]
    list_filter = ["kind", "series", "issued_at"]
    list_select_related = ["person", "corrects"]
    search_fields = ["person__email", "payment__reference", "series", "number"]
    date_hierarchy = "issued_at"

    def view_on_site(self, paper: Paper) -> str:
        """Its file."""
        return f"/invoices/{paper.pk}/"
