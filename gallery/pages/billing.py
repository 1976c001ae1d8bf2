"""Where one is taxed, how invoices name one, and the invoices themselves."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.forms import add_problem
from gallery.pages.visitors import MemberRequest
from marketplace.core.countries import country_choices
from marketplace.core.errors import AtelierError
from payments import selectors, services
from payments.api.billing import DETAILS


class BillingForm(forms.Form):
    """Fields as `payments.services.keep_billing` takes them."""

    country = forms.ChoiceField(label=_("Country"), help_text=_("Where you are taxed: the price has its tax."))
    region = forms.CharField(
        label=_("State or province"),
        required=False,
        max_length=20,
        help_text=_("Only in the USA and Canada, such as NY."),
    )
    name = forms.CharField(label=_("Name on invoices"), required=False, max_length=120)
    line1 = forms.CharField(label=_("Street and number"), required=False, max_length=200)
    postal_code = forms.CharField(label=_("Postcode"), required=False, max_length=20)
    city = forms.CharField(label=_("City"), required=False, max_length=100)
    vat_id = forms.CharField(
        label=_("VAT id"), required=False, max_length=20, help_text=_("Of a business, such as FR12345678901.")
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["country"].choices = [("", gettext("Choose a country")), *country_choices()]  # type: ignore[attr-defined]
        for name, word in AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = f"billing {word}"


PAGE = 20
AUTOCOMPLETE = {
    "country": "country", "region": "address-level1", "name": "name", "line1": "address-line1",
    "postal_code": "postal-code", "city": "address-level2",
}  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: MemberRequest) -> HttpResponse:
    """The form; what is kept leads back to what was to be paid, where one came from there."""
    user, details = request.user, selectors.billing_of(request.user)
    known = {"country": user.tax_country} | {name: getattr(details, name) for name in DETAILS}
    form = BillingForm(request.POST or None, initial=known)
    following = request.POST.get("next") or request.GET.get("next", "")
    following = following if url_has_allowed_host_and_scheme(following, allowed_hosts=None) else ""
    if request.method == "POST" and form.is_valid():
        try:
            services.keep_billing(user=user, **form.cleaned_data)
        except AtelierError as error:
            add_problem(form, error)
        else:
            messages.success(request, gettext("Kept: for what you order from now on."))
            return redirect(following or "billing")
    page = Paginator(selectors.papers_of(user), PAGE).get_page(request.GET.get("page"))
    earlier = f"?page={page.next_page_number()}" if page.has_next() else ""
    context = {"form": form, "next": following, "papers": page, "earlier": earlier}
    return render(request, "gallery/billing.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def paper(request: MemberRequest, paper_id: UUID) -> HttpResponse:
    """One's invoice or credit note, as a file."""
    with refused_as_pages():
        found = selectors.paper_by_id(request.user, paper_id)
    url = attempt(request, services.paper_url, paper=found)
    return redirect(url) if url else redirect("billing")
