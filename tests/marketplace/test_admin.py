"""The back room opens: every list and every row of every model, for a curator; strangers stay outside."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.commissions import services
from marketplace.commissions.models import Commission
from payments.models import Entry, Payment, Posting
from tests.marketplace.accounts.people import curator
from tests.marketplace.staging import Stage


@pytest.fixture
def lived_in(stage: Stage, settle: Callable[[], None]) -> Commission:
    """A house in which one commission was delivered."""
    commission = stage.paid()
    settle()
    services.accept(commission_id=commission.pk, collector=stage.collector)
    settle()
    return commission


def test_every_list_and_every_row_opens(lived_in: Commission, make_user: Callable[..., User]) -> None:
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    assert client.get(reverse("admin:index")).status_code == 200
    for model in admin.site._registry:
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        listing = client.get(reverse(f"{names}_changelist"))
        assert listing.status_code == 200, names
        row = model._default_manager.first()
        if row is not None:
            page = client.get(reverse(f"{names}_change", args=[row.pk]))
            assert page.status_code == 200, names


def test_a_curator_reads_the_ledger_and_changes_nothing(lived_in: Commission) -> None:
    client = Client()
    client.force_login(curator())
    for model in (Payment, Entry, Commission):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        assert row is not None
        assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
        assert client.post(reverse(f"{name}_change", args=[row.pk]), {"state": "x"}).status_code == 403
        assert client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        assert client.get(reverse(f"{name}_add")).status_code == 403
    assert Posting.objects.count() == 5  # what was captured, and the provider's fee


def test_a_collector_does_not_get_in(user: User, client: Client) -> None:
    client.force_login(user)
    answer = client.get(reverse("admin:index"))
    assert answer.status_code in {302, 403}
