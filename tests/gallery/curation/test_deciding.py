"""Deciding about works, undoing it to the very state before, many at once, and who may."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from gallery.errors import CaseChanged, CaseClaimed, NotAppealable
from gallery.models import Appeal, BulkAction, Case, Decision, Feature, Verdict
from gallery.services import curating
from generation import services as generation
from generation.errors import NothingToUndo
from generation.models import Artwork
from marketplace.accounts.models import Artist, Notification, User
from marketplace.core.errors import InvalidInput, PermissionRefused
from marketplace.core.machine import NotNow
from marketplace.core.models import AuditEntry
from tests.gallery import hanging
from tests.gallery.curation.conftest import private_work

pytestmark = pytest.mark.django_db


def stand(artwork: Artwork) -> tuple[Any, ...]:
    now = Artwork.objects.get(pk=artwork.pk)
    return now.visibility, now.hung_at, now.taken_down_at


def told(person: User) -> list[str]:
    return list(Notification.objects.filter(person=person).order_by("id").values_list("title", flat=True))


def reject(artwork: Artwork, judge: User, **more: Any) -> Decision:
    given: dict[str, Any] = {"verdict": Verdict.REJECT, "reason": "quality", "words": "The left side is empty."}
    return curating.decide(artwork_id=artwork.pk, curator=judge, **(given | more))


def test_what_an_artist_submits_is_approved_and_that_undone(private: Artwork, artist: Artist, judge: User) -> None:
    before = stand(private)
    case = curating.submit_artwork(artwork_id=private.pk, artist=artist.user, words="Made in one night.")
    assert curating.submit_artwork(artwork_id=private.pk, artist=artist.user) == case

    decision = curating.decide(artwork_id=private.pk, curator=judge, verdict=Verdict.APPROVE, version=case.version)
    case.refresh_from_db()
    assert (stand(private)[0], case.state, told(artist.user)) == (
        "wall", "approved", [f"{private.title} hangs on the wall"],
    )  # fmt: skip
    assert (decision.before["visibility"], decision.after["visibility"]) == ("private", "wall")
    assert AuditEntry.objects.of(decision).count() == 1

    curating.undo_decision(decision_id=decision.pk, curator=judge)
    case.refresh_from_db()
    assert stand(private) == before
    assert (case.state, case.is_submitted, case.words) == ("waiting", True, "Made in one night.")
    with pytest.raises(NothingToUndo):
        curating.undo_decision(decision_id=decision.pk, curator=judge)


def test_changes_are_asked_for_and_the_artist_answers(private: Artwork, artist: Artist, judge: User) -> None:
    case = curating.submit_artwork(artwork_id=private.pk, artist=artist.user)
    ask: dict[str, Any] = {"artwork_id": private.pk, "curator": judge, "verdict": Verdict.ASK_CHANGES}
    with pytest.raises(InvalidInput):
        curating.decide(**ask)
    curating.decide(**ask, reason="mislabelled", words="Name it.")
    case.refresh_from_db()
    assert (case.state, stand(private)[0]) == ("changes_asked", "private")
    with pytest.raises(NotNow):
        curating.decide(artwork_id=private.pk, curator=judge, verdict=Verdict.APPROVE)
    assert stand(private)[0] == "private", "what was done before it failed is not kept"
    again = curating.submit_artwork(artwork_id=private.pk, artist=artist.user, words="It has a name now.")
    assert (again.pk, again.state, again.words) == (case.pk, "waiting", "It has a name now.")


def test_a_rejection_is_appealed_against_once_and_another_curator_answers(
    private: Artwork, artist: Artist, judge: User, colleague: User
) -> None:
    curating.submit_artwork(artwork_id=private.pk, artist=artist.user)
    rejection = reject(private, judge)
    with pytest.raises(NotNow):
        curating.submit_artwork(artwork_id=private.pk, artist=artist.user)
    with pytest.raises(InvalidInput):
        curating.appeal_decision(decision_id=rejection.pk, person=artist.user, words=" ")
    with pytest.raises(PermissionRefused):
        curating.appeal_decision(decision_id=rejection.pk, person=judge, words="No.")

    appeal = curating.appeal_decision(decision_id=rejection.pk, person=artist.user, words="It is meant to be.")
    with pytest.raises(PermissionRefused, match="another curator"):
        curating.decide(artwork_id=private.pk, curator=judge, verdict=Verdict.APPROVE)
    answer = reject(private, colleague)
    appeal.refresh_from_db()
    assert (appeal.state, appeal.answer) == ("dismissed", answer)
    assert Notification.objects.get(person=artist.user, key=str(answer.pk)).kind == "appeal.decided"
    for decision in (rejection, answer):
        with pytest.raises(NotAppealable):
            curating.appeal_decision(decision_id=decision.pk, person=artist.user, words="Again.")

    curating.undo_decision(decision_id=answer.pk, curator=colleague)
    assert Appeal.objects.get().state == "open"
    curating.decide(artwork_id=private.pk, curator=colleague, verdict=Verdict.APPROVE)
    assert (Appeal.objects.get().state, stand(private)[0]) == ("upheld", "wall")


def test_featuring_no_more_takes_no_appeal_away(artwork: Artwork, artist: Artist, judge: User) -> None:
    curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.FEATURE)
    hidden = curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.HIDE, reason="rights")
    curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.UNFEATURE)
    appeal = curating.appeal_decision(decision_id=hidden.pk, person=artist.user, words="It is mine.")
    assert (appeal.decision, appeal.state) == (hidden, "open")


def test_who_takes_back_what_is_appealed_against_upholds_the_appeal(
    private: Artwork, artist: Artist, judge: User, colleague: User
) -> None:
    submitted = curating.submit_artwork(artwork_id=private.pk, artist=artist.user)
    rejection = reject(private, judge)
    appeal = curating.appeal_decision(decision_id=rejection.pk, person=artist.user, words="It is meant to be.")
    curating.undo_decision(decision_id=rejection.pk, curator=judge)
    appeal.refresh_from_db()
    assert (appeal.state, appeal.answer) == ("upheld", rejection)
    assert list(Case.objects.filter(state="waiting")) == [submitted], "what was asked before waits again, and alone"
    assert Notification.objects.get(person=artist.user, key=f"{rejection.pk}:undone").kind == "appeal.decided"
    with pytest.raises(NothingToUndo):
        curating.undo_decision(decision_id=rejection.pk, curator=colleague)
    curating.decide(artwork_id=private.pk, curator=judge, verdict=Verdict.APPROVE)
    assert stand(private)[0] == "wall"


def test_a_takedown_without_a_case_is_taken_back_with_the_appeal_against_it(
    artwork: Artwork, artist: Artist, judge: User, colleague: User
) -> None:
    hidden = curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.HIDE, reason="rights")
    curating.appeal_decision(decision_id=hidden.pk, person=artist.user, words="It is mine.")
    curating.undo_decision(decision_id=hidden.pk, curator=colleague)
    assert (Appeal.objects.get().state, stand(artwork)[0]) == ("upheld", "wall")
    assert not Case.objects.filter(state="waiting").exists()


def test_whoever_is_alone_answers_an_appeal_against_themselves(artwork: Artwork, artist: Artist, judge: User) -> None:
    hidden = curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.HIDE, reason="rights")
    curating.appeal_decision(decision_id=hidden.pk, person=artist.user, words="It is mine.")
    curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.APPROVE)
    assert stand(artwork) == ("wall", artwork.hung_at, None), "it hangs where it hung"


def test_two_curators_never_decide_the_same_unknowingly(
    private: Artwork, artist: Artist, judge: User, colleague: User
) -> None:
    case = curating.submit_artwork(artwork_id=private.pk, artist=artist.user)
    curating.claim_case(case_id=case.pk, curator=judge)
    for act in (
        lambda: curating.claim_case(case_id=case.pk, curator=colleague),
        lambda: reject(private, colleague),
    ):
        with pytest.raises(CaseClaimed) as refused:
            act()
        assert refused.value.data["claimed_by"] == judge.name
    Case.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    curating.claim_case(case_id=case.pk, curator=colleague)
    reject(private, colleague, version=case.version)
    with pytest.raises(CaseChanged) as late:
        curating.decide(artwork_id=private.pk, curator=judge, verdict=Verdict.APPROVE, version=case.version)
    assert late.value.data["verdict"] == "reject"
    assert stand(private)[0] == "private"


def test_hiding_and_featuring_are_undone_one_after_the_other(artwork: Artwork, judge: User) -> None:
    feature = curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.FEATURE)
    at = Feature.objects.get().featured_at
    unfeature = curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.UNFEATURE)
    curating.undo_decision(decision_id=unfeature.pk, curator=judge)
    assert Feature.objects.get().featured_at == at
    hide = curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.HIDE, reason="explicit")
    with pytest.raises(NothingToUndo):
        curating.undo_decision(decision_id=feature.pk, curator=judge)
    curating.undo_decision(decision_id=hide.pk, curator=judge)
    assert stand(artwork) == ("wall", artwork.hung_at, None)


def test_an_act_by_another_way_is_not_undone_unawares(artwork: Artwork, judge: User) -> None:
    hide = curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.HIDE, reason="explicit")
    generation.hang_artwork(artwork_id=artwork.pk, curator=judge)
    with pytest.raises(NothingToUndo):
        curating.undo_decision(decision_id=hide.pk, curator=judge)


def test_what_nobody_submitted_is_not_hung(private: Artwork, judge: User) -> None:
    for verdict in Verdict:
        with pytest.raises(NotNow):
            curating.decide(artwork_id=private.pk, curator=judge, verdict=verdict, reason="other", words="So.")
    assert (stand(private)[0], Decision.objects.count()) == ("private", 0)


def test_nobody_decides_about_their_own_and_only_curators_decide(artist: Artist, judge: User) -> None:
    own = private_work(judge)
    for artwork, person in ((own, judge), (own, artist.user)):
        with pytest.raises(PermissionRefused):
            curating.decide(artwork_id=artwork.pk, curator=person, verdict=Verdict.APPROVE)
    assert not Decision.objects.exists()


def test_many_at_once_each_for_itself_and_undone_as_one(artist: Artist, judge: User) -> None:
    works = [hanging.work(artist.user) for _ in range(3)]
    own, private = hanging.work(judge), private_work(artist.user)
    ids = [work.pk for work in (*works, own, private)]
    with pytest.raises(InvalidInput):
        curating.decide_many(artwork_ids=ids, curator=judge, verdict=Verdict.HIDE)
    assert not BulkAction.objects.exists()

    bulk = curating.decide_many(artwork_ids=ids, curator=judge, verdict=Verdict.HIDE, reason="rights", words="All.")
    assert [failure["artwork"] for failure in bulk.failures] == [str(own.pk), str(private.pk)]
    assert [failure["code"] for failure in bulk.failures] == ["permission-refused", "not-now"]
    assert {stand(work)[0] for work in works} == {"hidden"}
    assert [decision.told for decision in bulk.decisions.all()] == ["It uses what is somebody else's. All."] * 3

    undone, failures = curating.undo_bulk(bulk_id=bulk.pk, curator=judge)
    assert (failures, undone.undone_by) == ([], judge)
    assert [stand(work) for work in works] == [("wall", work.hung_at, None) for work in works]


def test_the_database_itself_refuses_a_case_that_jumps(private: Artwork, artist: Artist) -> None:
    case = curating.submit_artwork(artwork_id=private.pk, artist=artist.user)
    Case.objects.filter(pk=case.pk).update(state="withdrawn")
    with pytest.raises(Exception, match="withdrawn"), connection.cursor() as cursor:
        cursor.execute("UPDATE gallery_case SET state = 'waiting' WHERE id = %s", [case.pk])


def test_deciding_takes_the_same_queries_however_much_was_decided(
    artist: Artist, judge: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    work = hanging.work(artist.user)
    for _ in range(3):
        curating.decide(artwork_id=work.pk, curator=judge, verdict=Verdict.FEATURE)
        curating.decide(artwork_id=work.pk, curator=judge, verdict=Verdict.UNFEATURE)
    with django_assert_max_num_queries(32):
        curating.decide(artwork_id=work.pk, curator=judge, verdict=Verdict.FEATURE)
