"""The two sides of a commission are told of its steps, each once."""

import json
from collections.abc import Callable

from django.core import mail
from django.db import transaction

from marketplace.accounts import services as accounts
from marketplace.accounts.models import Notification, User
from marketplace.commissions import services
from marketplace.commissions.models import Commission
from marketplace.commissions.services.steps import end
from tests.listener import listening
from tests.marketplace.staging import Stage


def told(person: User) -> list[str]:
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_from_the_proof_to_the_sale(stage: Stage, settle: Callable[[], None]) -> None:
    commission = stage.paid()
    settle()
    assert told(stage.collector) == ["proof.ready"]
    services.accept(commission_id=commission.pk, collector=stage.collector)
    settle()
    assert told(stage.collector) == ["proof.ready", "commission.delivered"]
    artist = commission.listing.artist.user
    assert told(artist) == ["work.sold"]
    assert {sent.to[0] for sent in mail.outbox} == {stage.collector.email, artist.email}
    assert str(commission.artist_part) in Notification.objects.get(kind="work.sold").body


def test_the_artists_program_hears_of_the_sale(stage: Stage, settle: Callable[[], None]) -> None:
    commission = stage.paid()
    settle()
    artist = commission.listing.artist.user
    with listening() as listener:
        accounts.create_endpoint(owner=artist, url=listener.url, event_types=["work.sold"])
        services.accept(commission_id=commission.pk, collector=stage.collector)
        settle()
    [heard] = listener.heard
    told = json.loads(heard.body)
    assert told["type"] == "work.sold"
    assert told["data"]["commission"] == str(commission.pk)
    assert (told["data"]["amount"], told["data"]["state"]) == (2501, "delivered")


def test_what_the_collector_did_themselves_they_are_not_told(stage: Stage, settle: Callable[[], None]) -> None:
    commission = stage.paid()
    settle()
    services.decline(commission_id=commission.pk, collector=stage.collector)
    settle()
    assert told(stage.collector) == ["proof.ready"]
    assert told(commission.listing.artist.user) == []


def test_an_order_that_failed_is_told_with_its_reason(stage: Stage, settle: Callable[[], None]) -> None:
    commission = stage.paid()
    with transaction.atomic():
        end(Commission.objects.get(pk=commission.pk), Commission.State.FAILED, "The brush broke.")
    settle()
    [failure] = Notification.objects.filter(person=stage.collector)
    assert (failure.kind, failure.body.startswith("The brush broke. Nothing was charged")) == (
        "commission.failed",
        True,
    )
