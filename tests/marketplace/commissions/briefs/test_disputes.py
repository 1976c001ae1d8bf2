"""Where the two sides do not agree, staff decide; and nobody is given both the money and the work."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from marketplace.accounts.models import Notification, User
from marketplace.commissions import selectors
from marketplace.commissions.models import Brief
from marketplace.commissions.services import briefs
from marketplace.core.errors import InvalidInput, PermissionRefused
from marketplace.core.machine import NotNow
from marketplace.orders.models import Ownership
from payments.models import Dispute as BankDispute
from payments.models import Share
from tests.marketplace.commissions.briefs.asking import PRICE, Desk, again, earned, paid, refunded
from tests.marketplace.staging import send_photograph
from tests.payments.provider import Provider

State = Brief.State


@pytest.fixture
def staff(transactional_db: None, make_user: Callable[..., User]) -> User:
    return make_user(is_staff=True)


def disputed(desk: Desk) -> Brief:
    brief = desk.proof()
    briefs.open_dispute(person=desk.collector, brief_id=brief.pk, text="There are people in it.")
    return again(brief)


def test_staff_give_a_part_back_and_the_work_with_it(desk: Desk, staff: User) -> None:
    brief = disputed(desk)
    assert brief.state == State.DISPUTED
    briefs.decide_dispute(staff=staff, brief_id=brief.pk, refund_bps=3_000, is_delivered=True, text="It is half right.")
    desk.settle()
    brief = again(brief)
    assert (brief.state, paid(brief), refunded(brief)) == (State.DELIVERED, 5_000, 1_500)
    assert earned(brief, desk.artist.user) == 3_500 - 1_050  # 70 % of what was not given back
    assert Ownership.objects.get().owner == desk.collector
    assert not Share.objects.filter(release_at=None).exists()
    told = Notification.objects.filter(kind="commission.decided").values_list("person", flat=True)
    assert set(told) == {desk.collector.pk, desk.artist.user_id}


def test_all_goes_back_and_the_work_is_nobodys(desk: Desk, staff: User) -> None:
    brief = disputed(desk)
    briefs.decide_dispute(staff=staff, brief_id=brief.pk, refund_bps=10_000, is_delivered=False, text="Not as agreed.")
    desk.settle()
    assert (again(brief).state, refunded(brief)) == (State.SETTLED, 5_000)
    assert earned(brief, desk.artist.user) == 0
    assert not Ownership.objects.exists()
    with pytest.raises(NotNow):
        briefs.decide_dispute(staff=staff, brief_id=brief.pk, refund_bps=1, is_delivered=False, text="Again.")


def test_nobody_is_given_both_and_only_staff_decide(desk: Desk, staff: User) -> None:
    brief = disputed(desk)
    for bps, is_delivered in ((10_000, True), (0, False), (-1, True), (10_001, False)):
        with pytest.raises(InvalidInput):
            briefs.decide_dispute(
                staff=staff, brief_id=brief.pk, refund_bps=bps, is_delivered=is_delivered, text="Both."
            )
    with pytest.raises(PermissionRefused):
        briefs.decide_dispute(
            staff=desk.collector, brief_id=brief.pk, refund_bps=9_000, is_delivered=True, text="For me."
        )
    assert (again(brief).state, refunded(brief)) == (State.DISPUTED, 0)


def test_while_it_is_disputed_nothing_moves(desk: Desk) -> None:
    brief = disputed(desk)
    for act in (briefs.accept_proof, briefs.withdraw_brief):
        with pytest.raises(NotNow):
            act(collector=desk.collector, brief_id=brief.pk)
    with pytest.raises(NotNow):
        briefs.cancel_brief(person=desk.artist.user, brief_id=brief.pk)


def test_the_case_file_holds_all_that_was_made_said_and_brought(desk: Desk, staff: User) -> None:
    brief = disputed(desk)
    photograph = send_photograph(desk.artist.user)
    briefs.bring_evidence(
        person=desk.artist.user, brief_id=brief.pk, text="Those are gulls.", upload_ids=[photograph.pk]
    )
    with pytest.raises(PermissionRefused):
        selectors.case_file(desk.artist.user, brief.pk)
    with zipfile.ZipFile(io.BytesIO(selectors.case_file(staff, brief.pk))) as packed:
        case = json.loads(packed.read("case.json"))
        assert set(packed.namelist()) == {"case.json", "candidates/1.png", f"pictures/{photograph.pk}.png"}
        assert packed.read("candidates/1.png").startswith(b"\x89PNG")
    assert [one["text"] for one in case["dispute"]["evidence"]] == ["There are people in it.", "Those are gulls."]
    assert case["candidates"][0]["recipe"]["engine"] == "flow-field"
    assert case["quotes"][0]["price"] == PRICE


def test_a_brief_goes_its_way_over_http(desk: Desk, staff: User, client_of: Callable[[User], APIClient]) -> None:
    collector, artist, house = client_of(desk.collector), client_of(desk.artist.user), client_of(staff)
    sent = collector.post(
        "/api/v1/briefs/",
        {"artist": desk.artist.slug, "title": "Harbour", "text": "Fog.", "licence": "personal", "budget_least": 5000,
         "budget_most": 9000},
        format="json", HTTP_IDEMPOTENCY_KEY="once",
    )  # fmt: skip
    assert sent.status_code == 201, sent.content
    address = f"/api/v1/briefs/{sent.json()['id']}/"

    def step(who: APIClient, path: str, code: int = 200, **given: object) -> dict[str, object]:
        answer = who.post(f"{address}{path}/", given, format="json")
        assert answer.status_code == code, answer.content
        told: dict[str, object] = answer.json()
        return told

    step(artist, "quotes", price_amount=8000, days=3, candidates=2)
    step(collector, "messages", text="Soon, please.")
    quotes = collector.get(address).json()["quotes"]
    told = step(collector, f"quotes/{quotes[0]['id']}/accept")
    due = told["instalments"][0]["id"]  # type: ignore[index]
    assert step(artist, f"instalments/{due}/pay", 404, payment_method="pm_card_visa")["code"] == "not-found"
    step(collector, f"instalments/{due}/pay", payment_method="pm_card_visa")
    desk.settle()
    made = step(artist, "candidates", engine="flow-field", parameters={"size": 256}, seed=4)["candidates"]
    assert collector.get(address).json()["candidates"] == []  # seen once it is shown
    desk.settle()
    from generation.worker.running import run_next_batch

    run_next_batch("cpu")
    step(artist, "proof", candidate=made[0]["id"])  # type: ignore[index]
    seen = collector.get(address).json()
    assert (seen["state"], seen["refund_on_cancelling_bps"], len(seen["candidates"])) == ("proof", 5000, 1)
    step(collector, "dispute", text="No fog at all.")
    photograph = send_photograph(desk.artist.user)
    stranger = step(collector, "dispute/evidence", 422, text="Mine.", uploads=[str(photograph.pk)])
    assert stranger["code"] == "photograph-not-ready"
    brought = artist.post(
        f"{address}dispute/evidence/", {"text": "It is thin fog.", "uploads": [str(photograph.pk)]}, format="json"
    )
    assert (brought.status_code, len(brought.json())) == (201, 2)
    for side in (collector, house):
        seen_by = side.get(f"{address}dispute/evidence/").json()
        assert [len(one["uploads"]) for one in seen_by] == [0, 1]
        assert seen_by[1]["uploads"][0]["url"].startswith("http")
    assert artist.get(f"{address}case/").status_code == 403
    assert house.get(f"{address}case/")["Content-Type"] == "application/zip"
    assert [one["id"] for one in house.get("/api/v1/briefs/?as=staff").json()["results"]] == [sent.json()["id"]]
    step(collector, "decision", 403, refund_bps=1, is_delivered=True, text="Mine.")
    decided = step(house, "decision", refund_bps=2500, is_delivered=True, text="Thin fog is fog.")
    assert decided["state"] == "delivered"
    assert step(artist, "dispute/evidence", 409, text="One thing more.")["code"] == "not-now"
    tip = collector.post(f"{address}tip/", {"amount": 500, "payment_method": "pm_card_visa"}, format="json")
    assert tip.status_code == 201, tip.content
    desk.settle()
    brief = Brief.objects.get()
    assert earned(brief, desk.artist.user) == 2_100 + 500  # three quarters of 70 % of 4,000, and the whole tip


def test_who_charges_back_after_delivery_does_not_keep_the_work(
    desk: Desk, staff: User, provider: Provider, make_user: Callable[..., User]
) -> None:
    brief = desk.delivered()
    paid_by = brief.instalments.get(kind="balance").payment
    lost = BankDispute.objects.create(
        payment=paid_by, stripe_id="dp_1", state="lost", status="lost", reason="fraudulent", amount=paid_by.amount,
        closed_at=timezone.now(),
    )  # fmt: skip
    for _ in range(2):
        briefs.hear_the_bank(dispute_id=lost.pk)
    assert again(brief).state == State.REVERSED
    assert not Ownership.objects.exists()
    told = Notification.objects.filter(kind__in=["commission.failed", "dispute.closed"])
    assert set(told.values_list("person", flat=True)) == {desk.collector.pk, desk.artist.user_id, staff.pk}
