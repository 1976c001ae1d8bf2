"""Curation over HTTP, as curators', artists' and visitors' programs meet it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from gallery.models import Appeal, Decision, Report
from generation.models import Artwork
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Artist, User
from marketplace.accounts.selectors import scopes_open_to
from marketplace.core.models import AuditEntry
from tests.gallery import hanging
from tests.gallery.curation.conftest import private_work, resident
from tests.marketplace.accounts.people import member

pytestmark = pytest.mark.django_db
API = "/api/v1"


def by(person: User, *scopes: str) -> APIClient:
    """A program of this person's, with a token of these scopes, or of all that are open to them."""
    wanted = scopes or scopes_open_to(person)
    _, secret = accounts.create_token(user=person, name="t", scopes=wanted, expires_in=None)
    return APIClient(headers={"Authorization": f"Bearer {secret}"})


def post(client: APIClient, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = client.post(f"{API}{path}", body, format="json")
    assert answer.status_code == status, answer.content
    return dict(answer.json())


def submitted(artist: Artist, **more: Any) -> dict[str, Any]:
    """A work that its artist has submitted: its case."""
    work = private_work(artist.user, **more)
    return post(by(artist.user), f"/artworks/{work.pk}/submission/", words="Please.")


def visibility(artwork_id: object) -> str:
    return Artwork.objects.get(pk=UUID(str(artwork_id))).visibility


def test_of_two_curators_who_claim_one_case_the_second_is_told_and_takes_the_next(
    artist: Artist, judge: User, colleague: User
) -> None:
    first, second = by(judge), by(colleague)
    case, other = submitted(artist), submitted(artist)
    claimed = post(first, f"/curator/cases/{case['id']}/claim/")
    assert claimed["claimed_by"] == judge.name
    refused = post(second, f"/curator/cases/{case['id']}/claim/", 409)
    assert (refused["code"], refused["claimed_by"]) == ("case-claimed", judge.name)
    late = post(second, f"/artworks/{case['artwork']}/decide/", 409, verdict="approve")
    assert late["code"] == "case-claimed"
    assert visibility(case["artwork"]) == "private"
    post(second, f"/curator/cases/{other['id']}/claim/")
    shown = {one["id"]: one["claimed_by"] for one in second.get(f"{API}/curator/cases/").json()}
    assert shown == {case["id"]: judge.name, other["id"]: colleague.name}


def test_whoever_decides_upon_an_old_version_is_told_what_happened(
    artist: Artist, judge: User, colleague: User
) -> None:
    case = submitted(artist)
    path, seen = f"/artworks/{case['artwork']}/decide/", by(judge).get(f"{API}/curator/cases/{case['id']}/").json()
    post(by(colleague), path, verdict="reject", reason="quality", version=seen["version"])
    late = post(by(judge), path, 409, verdict="approve", version=seen["version"])
    assert (late["code"], late["verdict"], late["decided_by"]) == ("case-changed", "reject", colleague.name)
    assert visibility(case["artwork"]) == "private"
    assert Decision.objects.count() == 1


def test_of_many_those_that_fail_are_named_and_the_rest_is_done_and_undone(
    artist: Artist, judge: User, colleague: User
) -> None:
    hung, again, theirs = (hanging.work(artist.user) for _ in range(3))
    own = hanging.work(judge)
    ids = [str(work.pk) for work in (hung, again, theirs, own)]
    desk = by(judge)
    assert post(desk, "/curator/bulk/", 422, artworks=ids, verdict="hide")["code"] == "invalid-input"
    bulk = post(desk, "/curator/bulk/", artworks=[*ids, hung.pk], verdict="hide", reason="rights", words="All of it.")
    assert bulk["asked"] == 4, "a work that is named twice is one"
    assert [(one["artwork"], one["code"]) for one in bulk["failures"]] == [(ids[3], "permission-refused")]

    back = post(by(colleague), f"/artworks/{theirs.pk}/decide/", verdict="approve")
    undone = post(desk, f"/curator/bulk/{bulk['id']}/undo/")
    assert [one["artwork"] for one in undone["failures"]] == [ids[2]], "somebody has decided about it since"
    assert [visibility(one) for one in ids] == ["wall"] * 4
    post(by(colleague), f"/curator/decisions/{back['id']}/undo/")
    assert visibility(theirs.pk) == "hidden"
    assert post(desk, f"/curator/bulk/{bulk['id']}/undo/")["failures"] == []
    assert visibility(theirs.pk) == "wall"
    assert post(desk, f"/curator/bulk/{bulk['id']}/undo/", 409)["code"] == "nothing-to-undo"


def test_what_somebody_decided_later_stands_before_what_is_undone(
    artwork: Artwork, judge: User, colleague: User
) -> None:
    hidden = post(by(judge), f"/artworks/{artwork.pk}/decide/", verdict="hide", reason="explicit")
    post(by(colleague), f"/artworks/{artwork.pk}/decide/", verdict="approve")
    refused = post(by(judge), f"/curator/decisions/{hidden['id']}/undo/", 409)
    assert refused["code"] == "nothing-to-undo"
    assert visibility(artwork.pk) == "wall"
    assert not Decision.objects.exclude(undone_at=None).exists()


def test_a_decision_is_appealed_against_once_and_the_answer_is_final(
    artist: Artist, judge: User, colleague: User
) -> None:
    case, home = submitted(artist), by(artist.user)
    decision = post(by(judge), f"/artworks/{case['artwork']}/decide/", verdict="reject", reason="quality")
    path = f"/decisions/{decision['id']}/appeal/"
    post(by(member()), path, 404, words="Not mine.")
    post(home, path, 422, words=" ")
    appeal = post(home, path, 201, words="It is meant to be so.")
    assert appeal["state"] == "open"
    assert post(home, path, 409, words="Again.")["code"] == "not-appealable"
    post(by(judge), f"/artworks/{case['artwork']}/decide/", 403, verdict="approve")
    [waiting] = [case["id"] for case in by(colleague).get(f"{API}/curator/cases/").json()]
    assert by(judge).get(f"{API}/curator/cases/").json() == [], "it waits for somebody else"
    seen = {one: by(one).get(f"{API}/curator/cases/{waiting}/").json() for one in (judge, colleague)}
    assert {one: case["is_for_another"] for one, case in seen.items()} == {judge: True, colleague: False}
    told = seen[colleague]["appeal"]
    assert (told["words"], told["curator"], told["person"]) == ("It is meant to be so.", judge.name, artist.user.name)
    answer = post(by(colleague), f"/artworks/{case['artwork']}/decide/", verdict="reject", reason="quality")
    assert Appeal.objects.get().state == "dismissed"
    assert post(home, f"/decisions/{answer['id']}/appeal/", 409, words="Again.")["code"] == "not-appealable"


def test_enough_people_hide_a_work_and_a_curator_brings_it_back(artwork: Artwork, artist: Artist, judge: User) -> None:
    path, said = f"/artworks/{artwork.pk}/reports/", {"reason": "stolen", "words": "I know the original."}
    eager = by(resident())
    post(eager, path, 201, **said)
    assert post(eager, path, 409, **said)["code"] == "already-reported"
    for _ in range(12):
        post(by(member()), path, 201, **said)  # accounts of today
    assert post(APIClient(), path, 422, **said)["code"] == "invalid-input", "who has no account says who they are"
    assert post(APIClient(), path, 422, **said, name=913, email="painter@example.com")["errors"].keys() == {"name"}
    post(APIClient(), path, 201, **said, name="A. Painter", email="painter@example.com")
    assert visibility(artwork.pk) == "wall", "one person, new accounts and a notice hide nothing"
    for _ in range(4):
        post(by(resident()), path, 201, **said)
    assert visibility(artwork.pk) == "hidden"
    [case] = by(judge).get(f"{API}/curator/cases/?cause=reported").json()
    assert case["report_count"] == 18
    post(by(judge), f"/artworks/{artwork.pk}/decide/", verdict="approve", version=case["version"])
    assert visibility(artwork.pk) == "wall"
    assert set(Report.objects.values_list("state", flat=True)) == {"dismissed"}


def test_hanging_and_taking_down_are_decisions_too(private: Artwork, artist: Artist, judge: User) -> None:
    desk, work = by(judge), f"/artworks/{private.pk}"
    assert post(desk, f"{work}/hang/", 409)["code"] == "not-now", "nobody has asked for it"
    post(by(artist.user), f"{work}/submission/")
    assert post(desk, f"{work}/hang/", words="Welcome.")["visibility"] == "wall"
    assert post(desk, f"{work}/hang/", 409)["code"] == "not-now"
    assert post(desk, f"{work}/take-down/", 422)["errors"]["reason"]
    assert post(desk, f"{work}/take-down/", reason="rights", words="Not theirs.")["visibility"] == "hidden"
    down, hung = Decision.objects.all()
    assert [(one.curator, one.verdict, one.told) for one in (hung, down)] == [
        (judge, "approve", "Welcome."), (judge, "hide", "It uses what is somebody else's. Not theirs."),
    ]  # fmt: skip
    assert AuditEntry.objects.of(down).count() == 1
    assert [post(desk, f"{work}/undo/")["visibility"] for _ in range(2)] == ["wall", "private"]
    assert post(desk, f"{work}/undo/", 409)["code"] == "nothing-to-undo"
    assert post(by(artist.user), f"{work}/hang/", 403)["code"] == "permission-denied"


def test_the_log_has_every_decision_and_is_for_curators(
    artist: Artist, judge: User, colleague: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    works = [hanging.work(artist.user) for _ in range(3)]
    for work in works:
        post(by(judge), f"/artworks/{work.pk}/decide/", verdict="hide", reason="rights")
    post(by(colleague), f"/artworks/{works[0].pk}/decide/", verdict="approve")
    post(by(judge), f"/artworks/{works[2].pk}/undo/")
    desk, log = by(judge), f"{API}/curator/decisions/"

    def found(**sought: object) -> list[tuple[str, str]]:
        answer = desk.get(log, {name: str(value) for name, value in sought.items()})
        return [(one["artwork"], one["verdict"]) for one in answer.json()["results"]]

    first, second, third = (str(work.pk) for work in works)
    assert found() == [(first, "approve"), (third, "hide"), (second, "hide"), (first, "hide")]
    assert found(curator=colleague.pk) == [(first, "approve")]
    assert found(stand="undone") == [(third, "hide")]
    assert found(verdict="hide", artwork=works[0].pk) == [(first, "hide")]
    page = desk.get(log, {"page_size": 3}).json()
    assert [one["artwork"] for one in desk.get(page["next"]).json()["results"]] == [first]
    assert desk.get(log, {"curator": "nobody"}).status_code in {400, 422}
    assert by(artist.user).get(log).status_code == 403
    assert by(judge, "read").get(log).status_code == 403
    with CaptureQueriesContext(connection) as few:
        desk.get(log, {"page_size": 1})
    with django_assert_max_num_queries(len(few)):
        desk.get(log)
