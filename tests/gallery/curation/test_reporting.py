"""Reports hide a work past a threshold, a crowd of new accounts does not, and a curator's answer stands."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from gallery.errors import AlreadyReported
from gallery.models import Case, Report, Verdict
from gallery.services import curating
from generation.models import Artwork
from marketplace.accounts.models import Artist, Notification, User
from marketplace.core.errors import InvalidInput, NotFound, PermissionRefused
from tests.gallery import hanging
from tests.gallery.curation.conftest import private_work, resident
from tests.marketplace.accounts.people import member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_are_enough(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"reports_to_hide": 3.0})


def visibility(artwork: Artwork) -> str:
    return Artwork.objects.get(pk=artwork.pk).visibility


def report(artwork: Artwork, people: list[User], reason: str = "stolen") -> None:
    for person in people:
        curating.report_artwork(artwork_id=artwork.pk, reporter=person, reason=reason, words="I know the original.")


def test_enough_residents_hide_a_work_and_the_curator_returns_it_for_good(artwork: Artwork, judge: User) -> None:
    residents = [resident() for _ in range(3)]
    report(artwork, residents[:2])
    assert visibility(artwork) == "wall"
    report(artwork, residents[2:])
    assert visibility(artwork) == "hidden"
    case = Case.objects.get()
    assert (case.report_count, case.is_reported, case.state) == (3, True, "waiting")
    assert artwork.curation_acts.get().curator is None
    assert artwork.artist
    assert Notification.objects.get(person=artwork.artist.user).kind == "work.hidden"

    returned = curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.APPROVE)
    back = Artwork.objects.get(pk=artwork.pk)
    assert (back.visibility, back.hung_at) == ("wall", artwork.hung_at)
    assert set(Report.objects.values_list("state", flat=True)) == {"dismissed"}
    assert Notification.objects.filter(kind="report.decided").count() == 3

    report(artwork, [resident() for _ in range(5)])
    assert visibility(artwork) == "wall", "dismissed for this reason"
    report(artwork, [resident() for _ in range(3)], reason="hateful")
    assert visibility(artwork) == "hidden", "another reason"
    assert returned.reports.count() == 3


def test_undoing_the_return_hides_it_again_and_opens_the_reports(artwork: Artwork, judge: User) -> None:
    report(artwork, [resident() for _ in range(3)])
    returned = curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.APPROVE)
    curating.undo_decision(decision_id=returned.pk, curator=judge)
    assert visibility(artwork) == "hidden"
    assert not Report.objects.exclude(state="open", decision=None).exists()
    assert Case.objects.get().report_count == 3
    curating.decide(artwork_id=artwork.pk, curator=judge, verdict=Verdict.REJECT, reason="rights")
    assert set(Report.objects.values_list("state", flat=True)) == {"upheld"}
    assert visibility(artwork) == "hidden"


def test_a_brigade_of_new_accounts_hides_nothing(artwork: Artwork) -> None:
    report(artwork, [member() for _ in range(12)])
    assert visibility(artwork) == "wall"
    assert Case.objects.get().report_count == 12
    assert curating.weight_against(artwork.pk) == 0


def test_what_became_of_earlier_reports_weighs(artist: Artist, judge: User) -> None:
    crying, careful = resident(), resident()
    for verdict, reporter in ((Verdict.APPROVE, crying), (Verdict.APPROVE, crying), (Verdict.REJECT, careful)):
        work = hanging.work(artist.user)
        report(work, [reporter])
        curating.decide(artwork_id=work.pk, curator=judge, verdict=verdict, reason="rights")
    assert curating.weight_of(careful) == 1
    assert curating.weight_of(crying) == pytest.approx(1 / 3)
    crying.date_joined = timezone.now() - timedelta(days=1)
    assert curating.weight_of(crying) == 0


def test_nobody_counts_for_more_than_ten_works_a_day(artist: Artist) -> None:
    eager = resident()
    for _ in range(10):
        report(hanging.work(artist.user), [eager])
    assert curating.weight_of(eager) == 0


def test_one_report_a_person_and_never_of_ones_own(artwork: Artwork, artist: Artist) -> None:
    person = resident()
    report(artwork, [person])
    with pytest.raises(AlreadyReported):
        report(artwork, [person])
    with pytest.raises(PermissionRefused):
        report(artwork, [artist.user])
    with pytest.raises(InvalidInput):
        report(artwork, [resident()], reason="ugly")
    with pytest.raises(NotFound):
        report(private_work(artist.user), [resident()])
    assert Report.objects.count() == Case.objects.get().report_count == 1


def test_a_notice_by_somebody_outside_waits_for_a_curator_and_hides_nothing(artwork: Artwork) -> None:
    notice: dict[str, Any] = {"artwork_id": artwork.pk, "reason": "stolen", "words": "I painted it in 1998."}
    with pytest.raises(InvalidInput) as refused:
        curating.give_notice(**notice, name=" ", email="nobody")
    assert set(refused.value.data["errors"]) == {"name", "email"}
    for number in range(4):
        curating.give_notice(**notice, name="A. Painter", email=f"painter{number}@example.com")
    with pytest.raises(AlreadyReported):
        curating.give_notice(**notice, name="A. Painter", email="Painter0@example.com")
    assert visibility(artwork) == "wall"
    assert Case.objects.get().report_count == 4
