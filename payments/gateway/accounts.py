"""Payees' accounts at the provider (Stripe Connect): made, read, found again, and led to the provider's own pages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache

from payments.gateway.client import api, faults, since_moment, under

# Express: the provider asks who the payee is and shows them a dashboard; the house pays its fees and answers for what
# a payee cannot give back.
_CONTROLLER = {
    "fees": {"payer": "application"},
    "losses": {"payments": "application"},
    "requirement_collection": "stripe",
    "stripe_dashboard": {"type": "express"},
}
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class AccountSnapshot:
    """A payee's account as it is at the provider now."""

    id: str
    country: str
    transfers_active: bool
    payouts_enabled: bool
    details_submitted: bool
    requirements: tuple[str, ...]
    disabled_reason: str
    row_id: str  # which of our rows it was made for, as its metadata says

    @property
    def status(self) -> str:
        return "payable" if self.transfers_active and self.payouts_enabled else "restricted"


def open_account(*, key: str, row_id: str, country: str, email: str, replaces: str = "") -> AccountSnapshot:
    """Make an account; `replaces` names the one that was closed before. Raises GatewayRefused."""
    params = {
        "controller": _CONTROLLER,
        "country": country,
        "email": email,
        "capabilities": {"transfers": {"requested": True}},
        "metadata": {"payout_account": row_id, "replaces": replaces},
    }
    return _ask(lambda: api().v1.accounts.create(params, under(key)))  # type: ignore[arg-type]  # built from parts


def retrieve_account(account_id: str) -> AccountSnapshot:
    """The account as it is now. Raises AccountUnknown."""
    return _ask(lambda: api().v1.accounts.retrieve(account_id))


def find_account(*, row_id: str, since: datetime, other_than: str = "") -> AccountSnapshot | None:
    """Look for the account of one of our rows; for when the answer to its making never came."""
    found = (seen for seen in accounts_since(since) if seen.row_id == row_id and seen.id != other_than)
    return next(found, None)


def accounts_since(since: datetime) -> Iterator[AccountSnapshot]:
    """Every account that was made since, newest first, a page at a time."""
    with faults():
        page = api().v1.accounts.list({"created": {"gte": since_moment(since)}, "limit": 100})
        for account in page.auto_paging_iter():
            yield _snapshot(account)


def onboarding_link(account_id: str, *, return_url: str, refresh_url: str) -> str:
    """The provider's page on which payees tell who they are: works once, for some minutes. Raises AccountUnknown."""
    with faults():
        link = api().v1.account_links.create(
            {
                "account": account_id,
                "type": "account_onboarding",
                "return_url": return_url,
                "refresh_url": refresh_url,
                "collection_options": {"fields": "eventually_due"},
            }
        )
    return str(link.url)


def dashboard_link(account_id: str) -> str:
    """The payee's own dashboard at the provider: works once. Raises AccountUnknown, GatewayRefused."""
    with faults():
        return str(api().v1.accounts.login_links.create(account_id).url)


def countries_served() -> frozenset[str]:
    """ISO codes of the countries in which the provider opens accounts; asked once a day.

    Raises GatewayUnavailable, GatewayRefused.
    """
    known: frozenset[str] | None = cache.get("payments:countries")
    if known is None:
        with faults():
            page = api().v1.country_specs.list({"limit": 100})
            known = frozenset(str(spec.id) for spec in page.auto_paging_iter())
        cache.set("payments:countries", known, _DAY)
    return known


def _ask(call: Callable[[], Any]) -> AccountSnapshot:
    with faults():
        return _snapshot(call())


def _snapshot(account: Any) -> AccountSnapshot:
    seen: dict[str, Any] = account.to_dict()
    wanted = seen.get("requirements") or {}
    due = [*(wanted.get("currently_due") or []), *(wanted.get("past_due") or [])]
    return AccountSnapshot(
        id=seen["id"],
        country=seen.get("country") or "",
        transfers_active=(seen.get("capabilities") or {}).get("transfers") == "active",
        payouts_enabled=bool(seen.get("payouts_enabled")),
        details_submitted=bool(seen.get("details_submitted")),
        requirements=tuple(dict.fromkeys(due)),
        disabled_reason=wanted.get("disabled_reason") or "",
        row_id=(seen.get("metadata") or {}).get("payout_account") or "",
    )
