"""The page on which an artist runs their shop: commissions, prices, lent styles, tax, and how they are paid."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from gallery.pages.answering import attempt, refused_as_pages
from gallery.pages.artist_forms import CountryForm, LendForm, UsualPricesForm
from gallery.pages.brief_forms import TermsForm, kept_terms
from gallery.pages.earnings import account_card
from gallery.pages.forms import add_problem
from gallery.pages.sale_forms import usual_prices
from gallery.pages.visitors import MemberRequest
from marketplace.accounts import selectors as accounts
from marketplace.artists import selectors, services
from marketplace.core.errors import AtelierError
from marketplace.listings import services as listings


@login_required
@require_safe
def show(request: MemberRequest) -> HttpResponse:
    """All of it; who is no artist yet is led to the application."""
    if accounts.artist_of(request.user) is None:
        return redirect("artist-become")
    return _page(request)


@login_required
@require_POST
def commissions(request: MemberRequest) -> HttpResponse:
    """Open or close the door, and say on which terms."""
    form = TermsForm(request.POST, prefix="terms")
    if form.is_valid():
        said = dict(form.cleaned_data)
        said["licences"] = [licence.pk for licence in said["licences"]]
        return _change(request, form, "terms_form", commissions=said)
    return _page(request, terms_form=form)


@login_required
@require_POST
def prices(request: MemberRequest) -> HttpResponse:
    """Say which licences are offered by default, and at what."""
    form = UsualPricesForm(request.POST)
    if form.is_valid():
        return _change(request, form, "prices_form", usual_prices=form.prices)
    return _page(request, prices_form=form)


@login_required
@require_POST
def country(request: MemberRequest) -> HttpResponse:
    """Say where one is taxed."""
    form = CountryForm(request.POST)
    if form.is_valid():
        return _change(request, form, "country_form", tax_country=form.cleaned_data["tax_country"])
    return _page(request, country_form=form)


@login_required
@require_POST
def lend(request: MemberRequest) -> HttpResponse:
    """Lend the style of a work."""
    with refused_as_pages():
        shop = selectors.shop_of(request.user)
    form = LendForm(request.POST, works=shop.lendable)
    if not form.is_valid():
        return _page(request, lend_form=form)
    attempt(
        request, listings.lend_style, gettext("It is lent."),
        artist_user=request.user, artwork_id=UUID(form.cleaned_data["artwork"]), share_bps=form.share_bps,
    )  # fmt: skip
    return redirect("shop")


@login_required
@require_POST
def withdraw(request: MemberRequest, terms_id: UUID) -> HttpResponse:
    """Lend a style or a model no longer."""
    said = gettext("It is lent no longer. What was agreed before stands.")
    attempt(request, listings.withdraw_style, said, artist_user=request.user, terms_id=terms_id)
    return redirect("shop")


def _change(request: MemberRequest, form: forms.Form, named: str, **given: Any) -> HttpResponse:
    try:
        with refused_as_pages():
            services.change_shop(artist_user=request.user, **given)
    except AtelierError as error:
        add_problem(form, error)
        return _page(request, **{named: form})
    messages.success(request, gettext("Kept."))
    return redirect("shop")


def _page(request: MemberRequest, **changed: forms.Form) -> HttpResponse:
    """The page, with the form that was not right as it was sent."""
    with refused_as_pages():
        shop = selectors.shop_of(request.user)
    lendable = shop.lendable
    context: dict[str, Any] = {
        "shop": shop, "artist": shop.artist,
        "terms_form": TermsForm(initial=kept_terms(shop.terms), prefix="terms"),
        "prices_form": UsualPricesForm(initial=usual_prices(request.user)),
        "country_form": CountryForm(initial={"tax_country": request.user.tax_country}),
        "lend_form": LendForm(works=lendable) if lendable else None,
    }  # fmt: skip
    context |= account_card(request.user) | changed
    return render(request, "gallery/shop.html", context, status=422 if changed else 200)
