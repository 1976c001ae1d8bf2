"""The queue as a page: what a curator sees and does, and what artists and visitors see of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from gallery.models import Case, Decision, Report, Verdict
from gallery.services import curating
from generation.models import Artwork, FileRole
from marketplace.accounts.models import Artist, User
from marketplace.core import storage
from marketplace.core.storage import Bucket
from tests.gallery import hanging
from tests.gallery.curation.conftest import private_work, resident
from tests.gallery.markup import Page, read
from tests.generation.conftest import encoded

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]
QUEUE = "/curator/queue/"


@pytest.fixture
def desk(judge: User, signed_in: SignedIn) -> Client:
    return signed_in(judge)


def waiting(artist: Artist, **more: Any) -> Case:
    work = private_work(artist.user, **more)
    return curating.submit_artwork(artwork_id=work.pk, artist=artist.user, words="Please.")


def page_of(case: Case) -> str:
    return f"{QUEUE}{case.pk}/"


def decided(desk: Client, case: Case, **form: str) -> Page:
    return read(desk.post(f"{page_of(case)}decide/", {"version": str(case.version)} | form, follow=True))


def test_one_work_large_then_the_next_and_undoing_comes_back(desk: Client, artist: Artist, judge: User) -> None:
    first, second = waiting(artist, title="Ebb"), waiting(artist, title="Flow")
    index = read(desk.get(QUEUE))
    assert index.all("a", href=page_of(first))
    page = read(desk.get(page_of(first)))
    assert page.all("img", src=f"/works/{first.artwork_id}/picture/?large")
    assert page.all("a", href=page_of(second), rel="next")
    assert page.all("a", **{"data-prefetch": f"/works/{second.artwork_id}/picture/?large"})
    assert ("Please." in page.html, "<dd>Flow field 1</dd>" in page.html) == (True, True)
    keys = {found["data-key"] for _, found in page.elements if "data-key" in found}
    assert keys >= {"a", "r", "c", "j", "q"}

    refused = decided(desk, first, verdict="reject")
    assert "Choose a reason" in refused.html
    after = decided(desk, first, verdict="approve")
    assert "“Ebb”: Approve. You can undo this." in after.html
    assert after.all("h1")
    assert f"/works/{second.artwork_id}/picture/?large" in after.html
    [decision] = Decision.objects.all()
    back = read(desk.post(f"/curator/decisions/{decision.pk}/undo/", follow=True))
    assert "It is as it was before." in back.html
    assert f"/works/{first.artwork_id}/picture/?large" in back.html


def test_what_another_curator_does_meanwhile_is_told(
    desk: Client, artist: Artist, colleague: User, signed_in: SignedIn
) -> None:
    case = waiting(artist)
    desk.get(page_of(case))
    theirs = read(signed_in(colleague).get(page_of(case)))
    assert "Curator is looking at this work just now" in theirs.html
    assert not theirs.all("form", id="decision")
    Case.objects.update(claimed_by=None, claimed_until=None)
    curating.decide(artwork_id=case.artwork_id, curator=colleague, verdict=Verdict.REJECT, reason="quality")
    late = decided(desk, case, verdict="approve")
    assert "Reject" in late.html
    assert Artwork.objects.get(pk=case.artwork_id).visibility == "private"


def test_flags_reports_and_history_stand_beside_the_work(desk: Client, artist: Artist) -> None:
    hanging.work(hanging.artist("Other").user, title="The model", phash=12)
    work = hanging.work(artist.user, phash=15)
    words = "See <the> original."
    curating.report_artwork(artwork_id=work.pk, reporter=resident(), reason="stolen", words=words)
    page = read(desk.get(page_of(Case.objects.get())))
    assert "It looks like “The model” (2 of 64 bits differ)." in page.html
    assert "Reported by 1 person" in page.html
    assert "See &lt;the&gt; original." in page.html
    assert page.all("button", value="hide")


def test_filters_orders_and_many_at_once(desk: Client, artist: Artist, judge: User) -> None:
    submitted, hung = waiting(artist), hanging.work(artist.user)
    curating.report_artwork(artwork_id=hung.pk, reporter=resident(), reason="stolen")
    reported = Case.objects.get(artwork=hung)
    first = read(desk.get(f"{QUEUE}?order=reported")).all("a", **{"class": "thumb blurred"})
    assert [one["href"] for one in first] == [f"{page_of(reported)}?order=reported"]
    assert page_of(submitted) not in read(desk.get(f"{QUEUE}?cause=reported")).html

    form = {"artworks": [str(submitted.artwork_id), str(hung.pk)], "verdict": "reject", "reason": "rights"}
    done = read(desk.post(f"{QUEUE}many/", form, follow=True))
    assert "Done with 2 works." in done.html
    assert Artwork.objects.get(pk=hung.pk).visibility == "hidden"
    bulk = Decision.objects.first()
    assert bulk
    undone = read(desk.post(f"{QUEUE}many/{bulk.bulk_id}/undo/", follow=True))
    assert "All of it is undone." in undone.html
    assert Artwork.objects.get(pk=hung.pk).visibility == "wall"


def test_a_longer_queue_takes_no_more_queries(desk: Client, artist: Artist) -> None:
    def asked() -> int:
        waiting(artist)
        with CaptureQueriesContext(connection) as queries:
            desk.get(QUEUE)
        return len(queries)

    asked()
    assert asked() == asked()


def test_only_curators_find_it(visitor: Client, client: Client, artist: Artist) -> None:
    case = waiting(artist)
    for address in (QUEUE, page_of(case)):
        assert client.get(address)["Location"].startswith("/accounts/login/")
        assert visitor.get(address).status_code == 403
    assert visitor.post(f"{page_of(case)}decide/", {"verdict": "approve"}).status_code == 403
    assert not Decision.objects.exists()


def test_the_artist_submits_reads_why_and_appeals_on_the_works_page(
    artist: Artist, judge: User, signed_in: SignedIn
) -> None:
    work = private_work(artist.user)
    home, address = signed_in(artist.user), f"/works/{work.pk}/"
    assert read(home.get(address)).all("form", action=f"{address}submit/")
    sent = read(home.post(f"{address}submit/", {"words": "It is done."}, follow=True))
    assert "It waits for a curator." in sent.html
    decision = curating.decide(
        artwork_id=work.pk, curator=judge, verdict=Verdict.REJECT, reason="quality", words="The sky <flickers>."
    )
    told = read(home.get(address))
    assert "The sky &lt;flickers&gt;." in told.html
    assert not told.all("form", action=f"{address}submit/")
    appealed = read(home.post(f"/decisions/{decision.pk}/appeal/", {"words": "It must."}, follow=True))
    assert "Your appeal waits for a curator." in appealed.html
    assert not appealed.all("form", action=f"/decisions/{decision.pk}/appeal/")


def test_whoever_decided_is_told_that_another_answers_and_may_take_it_back(
    artist: Artist, judge: User, colleague: User, signed_in: SignedIn
) -> None:
    work, other = private_work(artist.user), signed_in(colleague)
    curating.submit_artwork(artwork_id=work.pk, artist=artist.user)
    decision = curating.decide(artwork_id=work.pk, curator=judge, verdict=Verdict.REJECT, reason="quality")
    curating.appeal_decision(decision_id=decision.pk, person=artist.user, words="It must.")
    appealed = Case.objects.get(state="waiting")
    home, undo = signed_in(judge), f"/curator/decisions/{decision.pk}/undo/"
    own = read(home.get(page_of(appealed)))
    assert "another curator answers it" in own.html
    assert (len(own.all("form", id="decision")), bool(own.all("form", action=undo))) == (0, True)
    assert read(other.get(page_of(appealed))).all("form", id="decision")
    assert "Undone." in read(home.post(undo, follow=True)).html
    assert Case.objects.get(state="waiting").causes == ["submitted"]


def test_a_version_that_no_case_has_decides_nothing(desk: Client, artist: Artist) -> None:
    case = waiting(artist)
    answer = desk.post(f"/curator/queue/{case.pk}/decide/", {"verdict": "approve", "version": "9" * 5000})
    assert answer.status_code == 302
    assert not Decision.objects.exists()


def test_anybody_reports_without_an_account_and_not_too_often(client: Client, artwork: Artwork) -> None:
    address = f"/works/{artwork.pk}/report/"
    assert read(client.get(f"/works/{artwork.pk}/")).all("a", href=address)
    assert read(client.get(address)).all("input", name="email")
    notice = {"reason": "stolen", "name": "A. Painter", "words": "Mine, of 1998."}
    missing = read(client.post(address, notice))
    assert missing.all("input", name="email", **{"aria-invalid": "true"})
    for number in range(10):
        client.post(address, notice | {"email": f"painter{number}@example.com"})
    sent = Report.objects.count()
    assert 0 < sent <= 10
    limited = read(client.post(address, notice | {"email": "painter99@example.com"}))
    assert "Try again in an hour." in limited.html
    assert Report.objects.count() == sent


def test_members_report_with_a_word_and_once(visitor: Client, user: User, artwork: Artwork) -> None:
    address = f"/works/{artwork.pk}/report/"
    assert not read(visitor.get(address)).all("input", name="email")
    assert "Thank you." in read(visitor.post(address, {"reason": "hateful"}, follow=True)).html
    assert "reported this work" in read(visitor.post(address, {"reason": "hateful"})).html
    assert Report.objects.get().reporter == user


def test_whose_report_hides_a_work_is_thanked_on_a_page_that_is_there(
    signed_in: SignedIn, artwork: Artwork, settings: LazySettings
) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"reports_to_hide": 1.0})
    answer = signed_in(resident()).post(f"/works/{artwork.pk}/report/", {"reason": "hateful"}, follow=True)
    assert Artwork.objects.get(pk=artwork.pk).visibility == "hidden"
    assert answer.status_code == 200
    assert "Thank you." in read(answer).html


def test_the_house_hands_the_picture_of_a_hidden_work_to_those_who_may_see_it(
    artwork: Artwork, artist: Artist, judge: User, signed_in: SignedIn, client: Client, visitor: Client
) -> None:
    file = artwork.files.filter(role=FileRole.PREVIEW, format="webp").earliest("width")
    artwork.files.filter(role=FileRole.PREVIEW).update(bucket=Bucket.PRIVATE.value)
    storage.put(Bucket.PRIVATE, file.key, encoded(Image.new("RGB", (480, 320)), "WEBP"), media_type="image/webp")
    curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.HIDE, reason="rights")
    address = f"/works/{artwork.pk}/picture/"
    for person in (artist.user, judge):
        answer = signed_in(person).get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert answer["Cache-Control"] == "private, max-age=60"
    for browser in (client, visitor):
        assert browser.get(address).status_code == 404
    page = read(signed_in(artist.user).get(f"/works/{artwork.pk}/"))
    assert page.all("img", src=f"{address}?large")
