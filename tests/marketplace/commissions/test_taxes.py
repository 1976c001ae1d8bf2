"""The tax of commissions: held with the price, credited without, invoiced; a tip has none."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings

from marketplace.commissions import services
from marketplace.commissions.services import briefs
from payments import ledger
from payments import services as payments
from payments.models import Paper, Payment, Share
from tests.marketplace.commissions.briefs.asking import Desk, again
from tests.marketplace.commissions.briefs.conftest import desk as desk
from tests.marketplace.staging import Stage
from tests.payments.provider import VISA


@pytest.fixture(autouse=True)
def taxed(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"taxes": "stripe"})


def test_an_instant_commission_credits_what_is_left_without_the_tax(stage: Stage, settle: Callable[[], None]) -> None:
    payments.keep_billing(user=stage.collector, country="DE")
    commission = stage.paid()
    settle()
    services.accept(commission_id=commission.pk, collector=stage.collector)
    settle()
    payment = Payment.objects.get()
    assert (payment.amount, payment.tax_amount, Share.objects.get().amount) == (2_501, 399, 1_472)
    assert ledger.balance("tax:collected", "eur") == -399
    commission.refresh_from_db()
    commission.payment.refresh_from_db()
    assert str(commission.artist_part) == "€14.72"
    assert Paper.objects.get().said["tax"] == 399


def test_instalments_of_a_brief_have_their_tax_and_a_tip_has_none(desk: Desk) -> None:
    payments.keep_billing(user=desk.collector, country="DE")
    brief = desk.proof()
    briefs.accept_proof(collector=desk.collector, brief_id=brief.pk)
    desk.settle()
    desk.pay(brief)
    tip = briefs.give_tip(collector=desk.collector, brief_id=brief.pk, amount=500)
    briefs.pay_instalment(collector=desk.collector, instalment_id=tip.pk, payment_method=VISA)
    desk.settle()
    taxes = dict(Paper.objects.order_by("pk").values_list("said__total", "said__tax"))
    assert len(taxes) == 3
    assert all(tax == round(total * 19 / 119) for total, tax in taxes.items() if total != 500)
    assert taxes[500] == 0
    tipped = Paper.objects.get(payment=tip.payment)
    assert tipped.said["tax_label"].startswith("Not taxed")
    kept = sum(share.amount for share in Share.objects.all()) - ledger.balance("platform:revenue", "eur")
    assert kept == sum(taxes) - sum(taxes.values())
    assert again(brief).state == "delivered"
