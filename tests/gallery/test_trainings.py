"""Trainings on pages: begun with a few choices, watched, stopped, taken up again."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from gallery.pages.curves import charts_of
from generation.models import Dataset, Job, Training
from generation.worker.running import run_next_batch
from marketplace.accounts.models import Artist, User

pytestmark = pytest.mark.django_db(transaction=True)

CHOSEN = {"name": "Tide", "engine": "train-toy", "p_resolution": "32", "p_minutes": "1", "p_images": "80",
          "p_batch_size": "8", "p_validate_every": "40"}  # fmt: skip


@pytest.fixture
def browser(artist: Artist, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(artist.user)


def begin(browser: Client, taught: Dataset, **changed: str) -> Training:
    sent = CHOSEN | {"dataset": str(taught.pk), "request_key": "k"} | changed
    answer = browser.post(reverse("training-new"), sent)
    assert answer.status_code == 302, answer.content
    return Training.objects.order_by("-pk")[0]


def test_the_form_is_the_engines_own_with_what_matters_first(browser: Client, frozen: Dataset) -> None:
    body = browser.get(f"{reverse('training-new')}?dataset={frozen.pk}&engine=train-gan").content.decode()
    first, _, more = body.partition("<summary>More</summary>")
    for name in ("p_resolution", "p_minutes", "p_augmentation"):
        assert f'name="{name}"' in first
    for name in ("p_learning_rate", "p_penalty", "p_latent"):
        assert f'name="{name}"' in more
    assert '<option value="auto" selected>' in first
    assert "Augmentation</dt><dd>as much as it takes" in body


def test_a_training_is_begun_once_and_watched_to_its_end(browser: Client, frozen: Dataset) -> None:
    training = begin(browser, frozen)
    assert begin(browser, frozen) == training
    at = reverse("training", args=[training.pk])
    assert "It begins soon" in browser.get(at).content.decode()
    run_next_batch("cpu")

    body = browser.get(at).content.decode()
    assert "The model is there" in body
    assert reverse("model", args=[training.model.pk]) in body
    assert reverse("training-state", args=[training.pk]) not in body  # nothing more is asked for
    assert body.count("<polyline") == 2
    assert "<caption" in body
    assert browser.get(f"{at}?logs").status_code == 302
    assert "Tide" in browser.get(reverse("trainings")).content.decode()


def test_a_page_that_shows_the_present_moment_is_told_nothing(browser: Client, frozen: Dataset) -> None:
    training = begin(browser, frozen)
    at = reverse("training-state", args=[training.pk])
    assert browser.get(f"{at}?seen=queued  0 0 0 False").status_code == 204
    assert browser.get(f"{at}?seen=other").status_code == 200


def test_a_mistake_is_shown_at_its_field(browser: Client, frozen: Dataset) -> None:
    sent = CHOSEN | {"dataset": str(frozen.pk), "request_key": "k", "p_minutes": "100000", "name": ""}
    answer = browser.post(reverse("training-new"), sent)
    assert answer.status_code == 422
    assert 'id="id_p_minutes_error"' in answer.content.decode()
    assert Job.objects.count() == 0


def test_a_training_is_stopped_and_others_do_not_see_it(
    browser: Client,
    frozen: Dataset,
    visitor: Client,
) -> None:
    training = begin(browser, frozen)
    for name in ("training-stop", "training-resume"):
        assert visitor.post(reverse(name, args=[training.pk])).status_code == 404
    assert visitor.get(reverse("training", args=[training.pk])).status_code == 404
    browser.post(reverse("training-stop", args=[training.pk]))
    assert "Stopped" in browser.get(reverse("training", args=[training.pk])).content.decode()


def test_a_curve_has_round_marks_and_keeps_within_its_frame() -> None:
    curve = [{"images": 100.0 * n, "seconds": 1.0, "error": 1.0 / n, "validation": 3.0} for n in range(1, 1001)]
    learnt, held_back = charts_of(curve)
    places = [tuple(map(float, place.split(","))) for place in learnt.lines[0].points.split()]
    assert len(places) <= 400
    assert all(learnt.left <= x <= learnt.right and learnt.top <= y <= learnt.bottom for x, y in places)
    assert [tick.words for tick in learnt.across] == ["0", "50 k", "100 k"]
    assert [line.name for line in held_back.lines] == ["validation"]
    assert charts_of(curve[:1]) == []
