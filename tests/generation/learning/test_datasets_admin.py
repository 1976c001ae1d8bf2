"""Datasets in the back room: every version and every file can be looked at, and nothing be rewritten."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from generation.models import Dataset, DatasetPicture
from marketplace.accounts.models import User
from tests.generation.learning.conftest import Add

pytestmark = pytest.mark.django_db


@pytest.fixture
def back_room(make_user: Callable[..., User]) -> Client:
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def test_datasets_and_their_files_are_looked_at(back_room: Client, frozen: Dataset) -> None:
    assert "Ready to learn from" in back_room.get(reverse("admin:generation_dataset_changelist")).content.decode()
    page = back_room.get(reverse("admin:generation_dataset_change", args=[frozen.pk])).content.decode()
    assert frozen.shards.get().sha256 in page
    listed = reverse("admin:generation_datasetpicture_changelist")
    assert back_room.get(f"{listed}?dataset__id__exact={frozen.pk}").status_code == 200
    picture = DatasetPicture.objects.filter(dataset=frozen)[0]
    page = back_room.get(reverse("admin:generation_datasetpicture_change", args=[picture.pk])).content.decode()
    assert picture.preview_key in page


def test_what_is_broken_is_found_and_nothing_is_rewritten(back_room: Client, dataset: Dataset, add: Add) -> None:
    (bad,) = add(b"no picture")
    listed = reverse("admin:generation_datasetpicture_changelist")
    assert bad in back_room.get(f"{listed}?problem_code=upload-not-an-image").content.decode()
    page = reverse("admin:generation_datasetpicture_change", args=[bad])
    assert back_room.post(page, {"state": "ready"}).status_code == 403
