"""What staff can do with jobs and works in the administration."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from generation import services
from generation.models import Artwork, DeadLetter, Job, Upload
from generation.worker.running import run_next_batch
from marketplace.accounts.models import User
from tests.generation.conftest import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def back_room(make_user: Callable[..., User]) -> Client:
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def act(client: Client, model: str, action: str, *rows: object, **form: str) -> str:
    address = reverse(f"admin:generation_{model}_changelist")
    answer = client.post(address, {"action": action, "_selected_action": rows} | form, follow=True)
    return answer.content.decode()


def test_failed_jobs_run_again_and_waiting_ones_are_called_off(back_room: Client, submit: Callable[..., Job]) -> None:
    failed = submit(behaviour="fault")
    run_next_batch("cpu")
    page = back_room.get(reverse("admin:generation_job_change", args=[failed.pk])).content.decode()
    assert "The brush broke." in page

    assert "1 job queued again." in act(back_room, "job", "requeue_selected", failed.pk)
    assert "Only failed and cancelled jobs can be run again" in act(back_room, "job", "requeue_selected", failed.pk)
    assert "1 job called off." in act(back_room, "job", "cancel_selected", failed.pk)


def test_one_job_is_run_again_or_called_off_by_a_form_and_never_by_a_link(
    back_room: Client, submit: Callable[..., Job]
) -> None:
    job = submit()
    for name, before, after in [("cancel_one", "queued", "cancelled"), ("requeue_one", "cancelled", "queued")]:
        address = reverse(f"admin:generation_job_{name}", args=[job.pk])
        assert "<form" in back_room.get(address).content.decode()
        job.refresh_from_db()
        assert job.state == before
        answer = back_room.post(address, {"_form_submitted": "True"})
        assert answer.headers["HX-Redirect"] == reverse("admin:generation_job_change", args=[job.pk])
        job.refresh_from_db()
        assert job.state == after


def test_works_are_hung_taken_down_and_undone(
    back_room: Client, make_artwork: Callable[..., Artwork], make_user: Callable[..., User]
) -> None:
    artwork = make_artwork()
    services.hang_artwork(artwork_id=artwork.pk, curator=make_user(is_superuser=True))
    artwork.refresh_from_db()
    assert artwork.thumbnail_url in back_room.get(reverse("admin:generation_artwork_changelist")).content.decode()
    assert "Choose a reason" in act(back_room, "artwork", "take_down_selected", artwork.pk)
    for action, visibility in [
        ("take_down_selected", "hidden"), ("undo_selected", "wall"), ("take_down_selected", "hidden"),
        ("hang_selected", "wall"),
    ]:  # fmt: skip
        act(back_room, "artwork", action, artwork.pk, reason="rights", words="It is not theirs.")
        artwork.refresh_from_db()
        assert artwork.visibility == visibility
    hung, _again, down = artwork.decisions.all()
    assert (hung.verdict, down.verdict, down.reason, down.undone_by) == ("approve", "hide", "rights", down.curator)
    assert back_room.get(reverse("admin:gallery_decision_change", args=[down.pk])).status_code == 200
    assert back_room.get(reverse("admin:generation_artwork_change", args=[artwork.pk])).status_code == 200


def test_nobody_rewrites_what_happened(
    back_room: Client, submit: Callable[..., Job], send: Callable[..., Upload]
) -> None:
    for model, row in (("job", submit()), ("upload", send(picture()))):
        page = reverse(f"admin:generation_{model}_change", args=[row.pk])
        assert back_room.get(page).status_code == 200
        assert back_room.post(page, {"state": "ready"}).status_code == 403
        assert back_room.post(reverse(f"admin:generation_{model}_delete", args=[row.pk])).status_code == 403
        assert back_room.get(reverse(f"admin:generation_{model}_add")).status_code == 403


def test_dead_letters_are_read_and_run_again_or_put_away(back_room: Client, submit: Callable[..., Job]) -> None:
    letters, alive = [submit(behaviour="fault", seed=seed) for seed in range(4)], submit(behaviour="user-error", seed=9)
    for _ in range(5):
        run_next_batch("cpu")
    Job.objects.exclude(pk=alive.pk).update(
        dead_at=Now(), error_code="studio-gone", error_detail="Killed by the house."
    )
    listing = back_room.get(reverse("admin:generation_deadletter_changelist")).content.decode()
    assert listing.count("Killed by the house.") == 4
    page = back_room.get(reverse("admin:generation_deadletter_change", args=[letters[0].pk])).content.decode()
    assert "The brush broke." in page  # what its attempt says

    assert "1 job queued again." in act(back_room, "deadletter", "requeue_selected", letters[0].pk)
    assert "1 job put away." in act(back_room, "deadletter", "put_away_selected", letters[1].pk)
    for letter, action, state in [(letters[2], "requeue_one", "queued"), (letters[3], "put_away_one", "failed")]:
        address = reverse(f"admin:generation_deadletter_{action}", args=[letter.pk])
        assert "<form" in back_room.get(address).content.decode()
        letter.refresh_from_db()
        assert letter.dead_at is not None
        answer = back_room.post(address, {"_form_submitted": "True"})
        assert answer.headers["HX-Redirect"] == reverse("admin:generation_deadletter_changelist")
        assert Job.objects.filter(pk=letter.pk, state=state, dead_at=None).exists()
    assert not DeadLetter.objects.exists()


def test_who_may_only_read_jobs_reads_dead_letters_and_runs_none_again(
    make_user: Callable[..., User], submit: Callable[..., Job]
) -> None:
    reader = make_user(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_job"))
    client = Client()
    client.force_login(reader)
    job = submit(behaviour="fault")
    run_next_batch("cpu")
    Job.objects.update(dead_at=Now())
    assert "engine-fault" in client.get(reverse("admin:generation_deadletter_changelist")).content.decode()
    act(client, "deadletter", "requeue_selected", job.pk)
    assert client.post(reverse("admin:generation_deadletter_put_away_one", args=[job.pk])).status_code == 403
    job.refresh_from_db()
    assert (job.state, job.dead_at is None) == ("failed", False)
