"""A payee's account at the provider: opened once, kept up to date, closed when the provider says so."""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.core import outbox
from payments import gateway
from payments.errors import AccountNotReady, AccountUnknown, CountryFixed, CountryNotServed, GatewayRefused
from payments.gateway import AccountSnapshot
from payments.models import PayoutAccount
from payments.services.calling import call_provider, was_tried

log = structlog.get_logger(__name__)
PAGE = "/earnings/"


def open_payout_account(*, user: User, country: str, return_url: str, refresh_url: str) -> str:
    """Where this person tells the provider who they are: their account is made first, once, whatever gets lost.

    The provider's page works once and for some minutes, and leads to `refresh_url` after that, to `return_url` when it
    is done. `country` is an ISO code, and cannot be changed once the account is open. Talks to the provider, so it must
    not be called inside a transaction. Raises CountryFixed, CountryNotServed, GatewayUnavailable, GatewayRefused.
    """
    account = _written_down(user, country.upper())
    if account.stripe_id is None or account.is_closed:
        account = _open(account)
    return gateway.onboarding_link(str(account.stripe_id), return_url=return_url, refresh_url=refresh_url)


def payout_dashboard_url(*, user: User) -> str:
    """The payee's own dashboard at the provider, where they change their bank account; works once.

    Raises AccountNotReady, GatewayUnavailable, GatewayRefused.
    """
    account = PayoutAccount.objects.filter(user=user).first()
    if account is None or account.stripe_id is None or account.is_closed or not account.details_submitted:
        raise AccountNotReady(gettext("Tell the payment provider who you are first."))
    return gateway.dashboard_link(account.stripe_id)


def refresh_payout_account(*, account_id: UUID) -> PayoutAccount:
    """Bring an account up to date with the provider; one whose making was never answered is looked for.

    Raises AccountUnknown, GatewayUnavailable, GatewayRefused.
    """
    account = PayoutAccount.objects.get(pk=account_id)
    asked_at = timezone.now()
    if account.stripe_id is not None:
        return apply_account(account.pk, gateway.retrieve_account(account.stripe_id), asked_at)
    if was_tried(account, "open"):
        found = gateway.find_account(row_id=str(account.pk), since=account.created_at)
        if found is not None:
            return apply_account(account.pk, found, asked_at)
    return account


def close_payout_account(*, account_id: UUID) -> PayoutAccount:
    """The provider says that the house may no longer act for it: true if it refuses to show it, too.

    Raises GatewayUnavailable, GatewayRefused.
    """
    try:
        return refresh_payout_account(account_id=account_id)
    except AccountUnknown:
        pass
    with transaction.atomic():
        account = _locked(account_id)
        if not account.is_closed:
            was_payable = account.is_payable
            account.transfers_active = account.payouts_enabled = account.details_submitted = False
            account.requirements, account.disabled_reason = [], PayoutAccount.CLOSED
            account.seen_at = timezone.now()
            account.save()
            _tell(account, was_payable)
    return account


@transaction.atomic
def apply_account(account_id: UUID, seen: AccountSnapshot, asked_at: datetime) -> PayoutAccount:
    """Bring the row to what was seen, unless something asked for later was seen already."""
    account = _locked(account_id)
    replaces = account.stripe_id is None or account.is_closed
    if not replaces and account.stripe_id != seen.id:
        log.error("payout_account.second", account=str(account.pk), known=account.stripe_id, second=seen.id)
        return account
    if account.seen_at is not None and account.seen_at > asked_at:
        return account
    was_payable = account.is_payable
    changed = {
        "stripe_id": seen.id,
        "country": seen.country or account.country,
        "transfers_active": seen.transfers_active,
        "payouts_enabled": seen.payouts_enabled,
        "details_submitted": seen.details_submitted,
        "requirements": list(seen.requirements),
        "disabled_reason": seen.disabled_reason[:100],
    }
    changed = {name: value for name, value in changed.items() if getattr(account, name) != value}
    for name, value in [*changed.items(), ("seen_at", asked_at)]:
        setattr(account, name, value)
    if changed:
        account.save()
        _tell(account, was_payable)
    else:
        PayoutAccount.objects.filter(pk=account.pk).update(seen_at=asked_at)
    return account


def _written_down(user: User, country: str) -> PayoutAccount:
    """The one row of this person, in this country."""
    known = PayoutAccount.objects.filter(user=user).first()
    if (known is None or known.stripe_id is None or known.is_closed) and country not in gateway.countries_served():
        raise CountryNotServed(
            gettext("The payment provider opens no accounts there."),
            errors={"country": [gettext("Nobody can be paid there yet.")]},
        )
    with transaction.atomic():
        PayoutAccount.objects.get_or_create(user=user, defaults={"country": country})
        account = PayoutAccount.objects.select_for_update(no_key=True).get(user=user)
        if account.country == country:
            return account
        if account.stripe_id is not None and not account.is_closed:
            raise CountryFixed(
                gettext("Your payout account is in %(country)s.") % {"country": account.country},
                country=account.country,
            )
        account.country = country
        account.save(update_fields=["country", "updated_at"])
        return account


def _open(account: PayoutAccount) -> PayoutAccount:
    closed = account.stripe_id or ""
    asked_at = timezone.now()
    if was_tried(account, "open"):
        # The answer may have been lost, and its key forgotten since: look before making a second one.
        found = gateway.find_account(row_id=str(account.pk), since=account.created_at, other_than=closed)
        if found is not None:
            return _in_its_country(apply_account(account.pk, found, asked_at), account.country)
    try:
        seen = call_provider(
            account,
            "open",
            gateway.open_account,
            row_id=str(account.pk),
            country=account.country,
            email=account.user.email,
            **({"replaces": closed} if closed else {}),
        )
    except GatewayRefused as error:
        if error.data.get("provider_code") == "country_unsupported":
            raise CountryNotServed(error.detail, errors={"country": [error.detail]}) from error
        raise
    return apply_account(account.pk, seen, asked_at)


def _in_its_country(account: PayoutAccount, wanted: str) -> PayoutAccount:
    if account.country != wanted:  # it had been made before the country was chosen anew
        raise CountryFixed(
            gettext("Your payout account is in %(country)s.") % {"country": account.country}, country=account.country
        )
    return account


def _locked(account_id: UUID) -> PayoutAccount:
    return PayoutAccount.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=account_id)


def _tell(account: PayoutAccount, was_payable: bool) -> None:
    """Those who wait for it, and the payee where it matters to them."""
    outbox.emit("payout_account.changed", account.pk)
    key = f"{account.pk}:{timezone.now():%Y-%m-%dT%H:%M:%S}"
    if account.is_payable and not was_payable:
        accounts.notify(
            person=account.user,
            kind="account.ready",
            key=key,
            link=PAGE,
            title=_("You can be paid"),
            body=_("The payment provider knows enough. What you earn is sent to your bank."),
        )
    elif was_payable and not account.is_payable:
        accounts.notify(
            person=account.user, kind="account.restricted", key=key, link=PAGE,
            title=_("You cannot be paid at the moment"),
            body=_("The payment provider wants to know more of you. What you earn is kept for you until then."),
        )  # fmt: skip
