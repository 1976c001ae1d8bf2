"""What the gate holds back is in the queue by itself, whoever decides about it and wherever."""

from collections.abc import Callable

import pytest
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from gallery.models import Case, Decision, Verdict
from gallery.services import curating
from generation import services as generation
from generation.models import Artwork, Review
from marketplace.accounts.models import User
from tests.generation import held
from tests.generation.moderation import magenta

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def artwork(user: User, settings: pytest.FixtureRequest) -> Artwork:
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_classifier": magenta.PATH})  # type: ignore[attr-defined]
    return held.work(user, Image.new("RGB", (256, 256), magenta.MAGENTA))


def visibility(artwork: Artwork) -> str:
    return Artwork.objects.get(pk=artwork.pk).visibility


def test_clearing_in_the_queue_is_clearing_at_the_gate_and_undone_as_one(artwork: Artwork, judge: User) -> None:
    case = Case.objects.get()
    assert (case.causes, case.state) == (["held"], "waiting")
    decision = curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.APPROVE, version=case.version)
    assert (Review.objects.get().state, visibility(artwork)) == ("cleared", "private")
    assert Case.objects.get().state == "approved"

    curating.undo_decision(decision_id=decision.pk, curator=judge)
    assert (held.review_of(artwork).state, visibility(artwork)) == ("waiting", "held")
    assert (Case.objects.get().state, Case.objects.get().causes) == ("waiting", ["held"])


def test_a_refusal_at_the_gate_closes_the_case_and_its_undoing_opens_one(artwork: Artwork, judge: User) -> None:
    review = held.review_of(artwork)
    generation.refuse_review(review_id=review.pk, curator=judge)
    assert Case.objects.get().state == "rejected"
    generation.undo_review(review_id=review.pk, curator=judge)
    assert Case.objects.get(state="waiting").causes == ["held"]


def test_undoing_at_the_gate_undoes_the_decision_of_the_queue(artwork: Artwork, judge: User) -> None:
    curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.REJECT, reason="explicit")
    assert Review.objects.get().state == "refused"
    generation.undo_review(review_id=Review.objects.get().pk, curator=judge)
    assert Decision.objects.get().undone_by == judge


def test_an_appeal_against_a_refusal_is_upheld_and_that_undone(
    artwork: Artwork, user: User, judge: User, colleague: User
) -> None:
    refusal = curating.decide(
        artwork_id=artwork.pk, curator=judge, verdict=Verdict.REJECT, reason="explicit", words="No."
    )
    curating.appeal_decision(decision_id=refusal.pk, person=user, words="It is a field of tulips.")
    upheld = curating.decide(artwork_id=artwork.pk, curator=colleague, verdict=Verdict.APPROVE)
    assert (visibility(artwork), held.review_of(artwork).state) == ("private", "cleared")
    curating.undo_decision(decision_id=upheld.pk, curator=colleague)
    review = held.review_of(artwork)
    assert (visibility(artwork), review.state, review.note) == ("held", "refused", "No.")
    assert Case.objects.get(state="waiting").causes == ["appealed"]


@pytest.mark.parametrize(("act", "verdict", "reason"), [("clear", "approve", ""), ("refuse", "reject", "explicit")])
def test_what_is_decided_at_the_gate_is_in_the_log(
    artwork: Artwork, judge: User, client: Client, client_of: Callable[[User], APIClient], act: str, verdict: str,
    reason: str,
) -> None:  # fmt: skip
    desk = client_of(judge)
    client.force_login(judge, backend="allauth.account.auth_backends.AuthenticationBackend")
    first = held.review_of(artwork).pk
    for _ in range(2):  # pressed twice it is decided once
        client.post(f"/review/{first}/{act}/", {"note": "Seen."})
    [told] = desk.get("/api/v1/curator/decisions/").json()["results"]
    assert (told["verdict"], told["reason"], told["words"]) == (verdict, reason, "Seen.")
    assert Case.objects.get().state in {"approved", "rejected"}
    client.post(f"/review/{first}/undo/")
    assert Decision.objects.get().undone_by == judge
    again = held.review_of(artwork).pk
    assert desk.post(f"/api/v1/reviews/{again}/{act}/", {"note": "Again."}, format="json").status_code == 200
    [now, _then] = desk.get("/api/v1/curator/decisions/").json()["results"]
    assert (now["verdict"], now["words"], now["undone_at"]) == (verdict, "Again.", None)
