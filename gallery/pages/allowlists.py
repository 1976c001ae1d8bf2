"""Who may buy before everybody else: the list of a sale, read and changed by its seller until the sale is over."""

import re
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.forms import add_problem
from gallery.pages.visitors import MemberRequest
from marketplace.core.errors import AtelierError
from marketplace.listings import selectors, services
from marketplace.listings.models import Allowed, Sale
from marketplace.listings.services import people_in_csv
from marketplace.listings.services.allowing import CLOSED

PAGE = 100


class PeopleForm(forms.Form):
    """People to be put on the list, written or in a file."""

    people = forms.CharField(
        label=_("E-mail addresses"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line; they need not be known here yet."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or as a CSV file"), required=False, help_text=_("Its first column counts."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )  # fmt: skip

    @property
    def named(self) -> list[str]:
        """Everybody, from the text and the file. Raises InvalidInput."""
        file = self.cleaned_data.get("file")
        from_file = people_in_csv(file.read()) if isinstance(file, UploadedFile) else []
        return [*re.findall(r"[^\s,;]+", self.cleaned_data["people"]), *from_file]


@login_required
def edit(request: MemberRequest, sale_id: UUID) -> HttpResponse:
    """The list, found in by a part of an address; a POST puts people on it, or takes those that are ticked off."""
    sale = _own(request, sale_id)
    if request.method == "POST" and "remove" in request.POST:
        return _remove(request, sale)
    form = PeopleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (count := _add(request, form, sale)) is not None:
        messages.success(request, gettext("%(count)s on the list now.") % {"count": f"{count:,}"})
        return redirect("sale-list", sale.pk)
    sought = request.GET.get("q", "").strip()[:100]
    page = Paginator(_found(sale, sought), PAGE).get_page(request.GET.get("page"))
    context = {"sale": sale, "form": form, "page": page, "sought": sought, "count": sale.allowed.count()}
    return render(request, "gallery/allowlist.html", context, status=422 if form.errors else 200)


def _own(request: MemberRequest, sale_id: UUID) -> Sale:
    with refused_as_pages():
        sale = selectors.sale_by_id(sale_id, request.user)
    if sale.seller_id != request.user.pk or sale.state in CLOSED or sale.is_private or sale.allowlist_until is None:
        raise Http404
    return sale


def _found(sale: Sale, sought: str) -> QuerySet[Allowed]:
    """Sought among the addresses that were written here alone: what people of the house have is nobody's business."""
    return sale.allowed.filter(email__icontains=sought).select_related("user").order_by("pk")


def _add(request: MemberRequest, form: PeopleForm, sale: Sale) -> int | None:
    try:
        return services.allow(seller=request.user, sale_id=sale.pk, people=form.named)
    except AtelierError as error:
        add_problem(form, error)
        return None


def _remove(request: MemberRequest, sale: Sale) -> HttpResponse:
    ticked = sale.allowed.filter(pk__in=[int(one) for one in request.POST.getlist("one") if one.isdecimal()])
    people = [one.email or str(one.user_id) for one in ticked]
    attempt(
        request,
        services.disallow,
        gettext("They are off the list."),
        seller=request.user,
        sale_id=sale.pk,
        people=people,
    )
    return redirect("sale-list", sale.pk)
