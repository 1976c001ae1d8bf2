"""What one has earned: where the money is, what it was for, and the account that it goes to."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from gallery.pages.answering import attempt
from gallery.pages.paid_for import what_was_paid_for
from gallery.pages.visitors import MemberRequest
from marketplace.accounts.models import User
from marketplace.core.countries import country_name
from marketplace.core.errors import AtelierError
from payments import selectors, services
from payments.api.payee_serializers import PeriodIn
from payments.api.statements import as_csv, as_pdf
from payments.models import PayoutAccount

PAGE, RECENT = 25, 6


@login_required
@require_safe
def show(request: MemberRequest) -> HttpResponse:
    """Balances by currency, the account, what was earned, and what was paid out."""
    payee = request.user
    page = Paginator(selectors.shares_of(payee), PAGE).get_page(request.GET.get("page"))
    shares = list(page)
    context = account_card(payee) | {
        "earnings": selectors.earnings_by_currency(payee),
        "shares": shares,
        "paid_for": what_was_paid_for([share.payment for share in shares]),
        "disputed": selectors.disputed_among(shares),
        "next": f"?page={page.next_page_number()}" if page.has_next() else "",
        "transfers": selectors.transfers_to(payee)[:RECENT],
        "payouts": [
            (payout, selectors.what_to_do(payout.failure_code)) for payout in selectors.payouts_of(payee)[:RECENT]
        ],
    }
    response = render(request, "gallery/earnings.html", context)
    response["Cache-Control"] = "no-store"
    return response


def account_card(payee: User) -> dict[str, Any]:
    """What the card says of how somebody is paid, and of what is missing for that."""
    account = selectors.payout_account_of(payee)
    return {
        "account": account,
        "country": country_name(account.country) if account else "",
        "countries": _countries() if _may_choose(account) else [],
        "chosen": account.country if account else payee.tax_country,
        "wanted": [] if account is None else selectors.requirements_in_words(account.requirements),
    }


@login_required
def account(request: MemberRequest) -> HttpResponse:
    """On to the provider's page: opened first where it is not (POST, with the country); a fresh link where it is."""
    known = selectors.payout_account_of(request.user)
    country = request.POST.get("country", "") if request.method == "POST" and _may_choose(known) else ""
    if not country and known is None:
        return redirect("earnings")
    own = settings.ATELIER.public_url
    url = attempt(
        request,
        services.open_payout_account,
        user=request.user,
        country=country or (known.country if known else ""),
        return_url=f"{own}{reverse('earnings-returned')}",
        refresh_url=f"{own}{reverse('earnings-account')}",
    )
    return redirect("earnings") if url is None else HttpResponseRedirect(url)


@login_required
@require_GET
def returned(request: MemberRequest) -> HttpResponse:
    """Back from the provider: ask at once how it stands, so that a late webhook does not matter."""
    known = selectors.payout_account_of(request.user)
    if known is not None:
        try:
            known = services.refresh_payout_account(account_id=known.pk)
        except AtelierError:
            messages.info(request, gettext("The payment provider has not answered yet. Look again in a moment."))
        else:
            if known.is_payable:
                messages.success(request, gettext("You can be paid. What you earn is sent to your bank."))
    return redirect("earnings")


@login_required
@require_POST
def dashboard(request: MemberRequest) -> HttpResponse:
    """On to the payee's own dashboard at the provider."""
    url = attempt(request, services.payout_dashboard_url, user=request.user)
    return redirect("earnings") if url is None else HttpResponseRedirect(url)


@login_required
@require_safe
def statement(request: MemberRequest) -> HttpResponse:
    """A period's movements, as CSV or on paper."""
    period = PeriodIn(data={name: value for name, value in request.GET.items() if value})
    if not period.is_valid():
        messages.error(request, gettext("Choose a first day and a last day that is not before it."))
        return redirect("earnings")
    draw = as_pdf if request.GET.get("as") == "pdf" else as_csv
    return draw(request.user, **period.validated_data)


def _may_choose(account: PayoutAccount | None) -> bool:
    return account is None or account.stripe_id is None or account.is_closed


def _countries() -> list[tuple[str, str]]:
    try:
        return selectors.countries_to_be_paid_in()
    except AtelierError:  # the page is worth showing all the same
        return []
