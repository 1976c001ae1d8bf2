"""Uploads at the gate: held, cleared, refused, and the same picture sent by others."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from PIL import Image

from generation import errors, selectors, services
from generation.models import Review, Upload
from marketplace.accounts.models import User
from marketplace.core.errors import InvalidInput
from marketplace.core.models import AuditEntry
from tests.generation import held
from tests.generation.conftest import encoded
from tests.generation.moderation import magenta
from tests.generation.moderation.pictures import waves

pytestmark = pytest.mark.django_db(transaction=True)
Send = Callable[..., Upload]
EXPLICIT = encoded(Image.new("RGB", (64, 64), magenta.MAGENTA))


@pytest.fixture(autouse=True)
def magenta_is_explicit(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"explicit_classifier": magenta.PATH})


@pytest.fixture
def other(make_user: Callable[..., User]) -> User:
    return make_user()


@pytest.fixture
def curator(make_user: Callable[..., User]) -> User:
    return held.make_curator(make_user())


@pytest.fixture
def sent(send: Send, user: User) -> Callable[..., Upload]:
    """Send a picture and have it looked at."""

    def make(data: bytes = EXPLICIT, owner: User = user) -> Upload:
        upload = send(data, owner=owner)
        return services.complete_upload(upload_id=upload.pk, owner=owner)

    return make


def refuse(upload: Upload, curator: User, note: str = "") -> None:
    services.refuse_review(review_id=held.review_of(upload).pk, curator=curator, note=note)


def clear(upload: Upload, curator: User) -> None:
    services.clear_review(review_id=held.review_of(upload).pk, curator=curator)


def state(upload: Upload) -> str:
    upload.refresh_from_db()
    return upload.state


def test_a_flagged_upload_waits_for_a_curator(sent: Send, user: User) -> None:
    upload = sent()
    assert upload.state == "held"
    assert services.complete_upload(upload_id=upload.pk, owner=user).state == "held"
    assert selectors.upload_url(upload) == ""
    assert selectors.usable_keys({upload.key}, user) == {}
    with pytest.raises(errors.UploadHeld):
        selectors.input_from_upload(name="picture", upload_id=upload.pk, owner=user)
    assert held.fetched(selectors.review_picture_url(held.review_of(upload))) == 200
    assert Review.objects.count() == 1


def test_an_upload_like_anothers_work_on_the_wall_waits_too(sent: Send, other: User) -> None:
    hung = held.hung(other, waves(1))
    upload = sent(encoded(waves(1).resize((200, 200)), "PNG"))
    review = held.review_of(upload)
    assert (upload.state, review.resembles, review.is_explicit) == ("held", hung, False)
    assert review.reasons == [f"It looks like “{hung.title}” ({review.distance} of 64 bits differ)."]
    assert sent(encoded(waves(1)), owner=other).state == "ready"


def test_a_cleared_upload_can_be_used(sent: Send, user: User, curator: User) -> None:
    upload = sent()
    clear(upload, curator)
    assert state(upload) == "ready"
    assert selectors.input_from_upload(name="picture", upload_id=upload.pk, owner=user).key == upload.key
    assert held.fetched(selectors.upload_url(upload)) == 200


def test_a_refused_upload_says_why(sent: Send, user: User, curator: User) -> None:
    upload = sent()
    refuse(upload, curator, "Not in this house.")
    assert state(upload) == "rejected"
    assert (upload.problem_code, upload.problem_detail) == ("upload-refused", "Not in this house.")
    with pytest.raises(errors.UploadRefused, match="Not in this house."):
        services.complete_upload(upload_id=upload.pk, owner=user)
    assert selectors.upload_url(upload) == ""


def test_a_picture_that_was_refused_is_refused_to_everybody(sent: Send, other: User, curator: User) -> None:
    first = sent()
    refuse(first, curator, "No.")
    for owner in (first.owner, other):
        with pytest.raises(errors.UploadRefused, match="No."):
            sent(owner=owner)
    assert Review.objects.count() == 1
    assert selectors.usable_keys({first.key}, other) == {}


def test_a_picture_that_waits_is_judged_once_for_all_who_sent_it(sent: Send, other: User, curator: User) -> None:
    first, second = sent(), sent(owner=other)
    assert (first.state, second.state, Review.objects.count()) == ("held", "held", 1)
    clear(second, curator)
    assert (state(first), state(second)) == ("ready", "ready")
    assert sent(owner=other).state == "ready"


def test_a_refusal_reaches_those_who_sent_the_picture_before_it_was_looked_at(
    sent: Send, other: User, curator: User, settings: LazySettings
) -> None:
    lenient = settings.ATELIER
    settings.ATELIER = lenient.model_copy(update={"explicit_classifier": "tests.generation.moderation.magenta.Blind"})
    early = sent(owner=other)
    settings.ATELIER = lenient
    late = sent()
    assert (early.state, late.state) == ("ready", "held")
    refuse(late, curator)
    assert (state(early), state(late)) == ("rejected", "rejected")
    services.undo_review(review_id=held.review_of(late).pk, curator=curator)
    assert (state(early), state(late)) == ("held", "held")


def test_a_refused_copy_stays_refused_when_the_work_has_left_the_wall(
    sent: Send, other: User, curator: User, make_user: Callable[..., User]
) -> None:
    hung = held.hung(other, waves(1))
    refuse(sent(encoded(waves(1))), curator)
    services.take_down_artwork(artwork_id=hung.pk, curator=curator)
    with pytest.raises(errors.UploadRefused):
        sent(encoded(waves(1)), owner=make_user())
    assert sent(encoded(waves(1)), owner=other).state == "ready"  # it is their own


def test_a_copy_that_was_cleared_for_one_is_not_cleared_for_another(
    sent: Send, other: User, curator: User, make_user: Callable[..., User]
) -> None:
    held.hung(other, waves(1))
    first = sent(encoded(waves(1)))
    clear(first, curator)
    assert sent(encoded(waves(1))).state == "ready"
    assert sent(encoded(waves(1)), owner=make_user()).state == "held"


def test_what_is_decided_about_an_upload_is_in_the_audit_log(sent: Send, curator: User) -> None:
    upload = sent()
    review = held.review_of(upload)
    refuse(upload, curator, "It is explicit.")
    services.undo_review(review_id=review.pk, curator=curator)
    made, refused, undone = [(entry.operation, entry.after or {}) for entry in AuditEntry.objects.of(review)]
    assert (made[0], made[1]["state"]) == ("insert", "waiting")
    assert (refused[1]["state"], refused[1]["note"]) == ("refused", "It is explicit.")
    assert refused[1]["decided_by_id"] == undone[1]["undone_by_id"] == str(curator.pk)


def test_decisions_about_uploads_are_undone(sent: Send, curator: User) -> None:
    upload = sent()
    clear(upload, curator)
    services.undo_review(review_id=held.review_of(upload).pk, curator=curator)
    assert state(upload) == "held"
    refuse(upload, curator)
    services.undo_review(review_id=held.review_of(upload).pk, curator=curator)
    assert (state(upload), upload.problem_code, upload.problem_detail) == ("held", "", "")
    clear(upload, curator)
    assert state(upload) == "ready"
    assert Review.objects.count() == 3


def test_a_job_does_not_take_a_held_upload(sent: Send, user: User) -> None:
    upload = sent()
    given = services.JobInput.of_upload("picture", upload)
    with pytest.raises(InvalidInput):
        services.submit_job(owner=user, engine="toy", parameters={}, inputs=[given])


def test_a_gate_that_does_not_work_leaves_the_upload_to_be_completed_later(
    send: Send, user: User, settings: LazySettings
) -> None:
    upload, works = send(EXPLICIT), settings.ATELIER
    settings.ATELIER = works.model_copy(update={"explicit_classifier": "no.such.Thing"})
    with pytest.raises(errors.ScreeningUnavailable):
        services.complete_upload(upload_id=upload.pk, owner=user)
    assert state(upload) == "pending"
    settings.ATELIER = works
    assert services.complete_upload(upload_id=upload.pk, owner=user).state == "held"
