"""What is ordered costs by its effort, and everybody whose style is in it is paid."""

from collections.abc import Callable

import pytest

from generation import services as generation
from generation.engines import registry
from generation.engines.base import EngineDeclaration, Parameters
from generation.models import Artwork, JobInput
from generation.worker.running import run_next_batch
from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.commissions import services
from marketplace.commissions.models import Commission
from marketplace.listings import services as listings
from payments.models import Share
from tests.marketplace.accounts.people import curator
from tests.marketplace.staging import Stage
from tests.payments.provider import VISA


@pytest.mark.parametrize(
    ("parameters", "percent"),
    [
        ({"size": 256}, 100), ({"size": 1025}, 150), ({"quality": "print", "size": 4096}, 200),
        ({"quality": "print", "size": 16_384}, 500), ({"quality": "masterpiece"}, 300),
        ({"quality": "masterpiece", "steps": 600}, 600),
    ],
)  # fmt: skip
def test_a_listing_costs_by_what_is_asked_of_the_machines(
    stage: Stage, parameters: dict[str, object], percent: int
) -> None:
    commission = stage.order(parameters=parameters)
    assert commission.price_amount == -(-2501 * percent // 100)
    assert commission.payment.amount == commission.price_amount


# What makes works in this house; a finished picture is brought, and takes no effort.
MAKERS = [
    engine
    for engine in registry.declarations()
    if engine.medium and engine.name != "finished-picture" and engine.implementation.startswith("generation.")
]


def chosen(engine: EngineDeclaration, **wanted: object) -> Parameters:
    return engine.validate_parameters(wanted)


@pytest.mark.parametrize("engine", MAKERS, ids=lambda engine: engine.name)
def test_every_engine_that_makes_works_says_in_one_table_what_costs_more(engine: EngineDeclaration) -> None:
    percents = [effort.percent for effort in engine.efforts]
    assert len({effort.name for effort in engine.efforts}) == len(percents) > 1
    assert chosen(engine).effort().percent == 100 == min(percents)


@pytest.mark.parametrize(
    ("engine", "parameters", "percent"),
    [
        ("stylist", {"size": 2048}, 150), ("gan", {"size": 1025}, 150), ("gan-project", {"steps": 201}, 200),
        ("gan-walk", {"size": 512}, 200), ("gan-walk", {"size": 1024, "seconds": 6.0, "frames_per_second": 20}, 400),
        ("autoencoder", {"steps": 21}, 300), ("autoencoder", {"size": 2048}, 150), ("translate", {"size": 1025}, 150),
        ("house-style", {"size": 16_384}, 500), ("texture", {"size": 2048}, 200),
        ("texture", {"size": 2048, "method": "fast"}, 100), ("flow-field", {"size": 2048}, 150),
        ("scribble", {"size": 2048}, 150),
    ],
)  # fmt: skip
def test_larger_longer_and_better_works_cost_more(engine: str, parameters: dict[str, object], percent: int) -> None:
    effort = chosen(registry.declaration(engine), **parameters).effort()
    assert effort.percent == percent
    assert effort.holds(chosen(registry.declaration(engine), **parameters))


def test_whose_style_is_in_the_work_that_is_sold_is_paid_and_withdrawing_later_changes_nothing(
    stage: Stage, make_user: Callable[..., User], settle: Callable[[], None]
) -> None:
    other = accounts.become_artist(user=make_user(), name="Frieder Nake", bio="")
    style = stage.listing.artwork
    assert style is not None
    terms = listings.lend_style(artist_user=stage.artist.user, artwork_id=style.pk, share_bps=2000)
    inputs = [JobInput.of_upload("content", stage.photograph), JobInput.of_artwork("style", style)]
    job = generation.submit_job(
        owner=other.user, engine="arbitrary-style", parameters={"size": 256}, inputs=inputs, lender=stage.collector
    )
    assert job.pk in run_next_batch(job.queue)
    work = Artwork.objects.get(job=job)
    generation.hang_artwork(artwork_id=work.pk, curator=curator())
    listing = listings.publish_listing(artist_user=other.user, artwork_id=work.pk, price_amount=1001)
    commission = stage.order(listing_id=listing.pk)
    listings.withdraw_style(artist_user=stage.artist.user, terms_id=terms.pk)
    services.pay(commission=commission, payment_method=VISA)
    settle()
    services.accept(commission_id=commission.pk, collector=stage.collector)
    settle()
    assert Commission.objects.get(pk=commission.pk).state == "delivered"
    shares = dict(Share.objects.values_list("payee", "amount"))
    assert shares == {other.user_id: 561, stage.artist.user_id: 140}  # of 701, the artist's part of 1,001
    assert Commission.objects.get().consents["styles"] == [str(style.pk)]
