"""Works that look alike: the nearest of what hangs, and nothing that does not."""

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from gallery import services
from gallery.models import HungLook
from gallery.selectors import looks
from generation.engines.errors import TextModelMissing
from generation.engines.text.choosing import the_encoder
from generation.models import Artwork, ArtworkLook, Job, JobState, PictureLook, Upload, Visibility
from generation.selectors.reading import words_of
from marketplace.accounts.models import Artist, User
from marketplace.core.errors import InvalidInput
from tests.gallery import hanging
from tests.generation.conftest import encoded

pytestmark = pytest.mark.django_db


def direction(angle: float, width: int) -> list[float]:
    """A unit vector so many degrees from the first axis, in the plane of the first two."""
    turned = np.zeros(width)
    turned[:2] = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return list(map(float, turned))


def seen(artwork: Artwork, style: float, colour: float = 0.0, **more: Any) -> Artwork:
    """A work that was looked at: its style and its colours at so many degrees."""
    ArtworkLook.objects.create(
        artwork=artwork, style=direction(style, 128), colour=direction(colour, 64), colours=["teal"],
        network="efficientnet-lite0", version=1, **more,
    )  # fmt: skip
    return artwork


@pytest.fixture
def works(artist: Artist) -> list[Artwork]:
    """Five that hang, each a little further from the one before in style; their colours the other way round."""
    styles = (0.0, 10.0, 21.0, 33.0, 46.0)
    found = [
        seen(hanging.work(artist.user, title=f"No {at}"), style, 40.0 - 10.0 * at) for at, style in enumerate(styles)
    ]
    services.refresh_cards([work.pk for work in found])
    return found


def keys(found: list[Artwork]) -> list[UUID]:
    return [work.pk for work in found]


def test_the_nearest_come_first_by_style_and_by_colour_without_the_work_itself(works: list[Artwork]) -> None:
    assert looks.similar(works[0].pk, by="style") == keys(works[1:])
    assert looks.similar(works[2].pk, by="style", limit=2) == keys([works[1], works[3]])
    assert looks.similar(works[4].pk, by="colour", limit=2) == keys([works[3], works[2]])


def test_what_does_not_hang_is_not_found_and_comes_back_with_its_hook(works: list[Artwork]) -> None:
    Artwork.objects.filter(pk=works[1].pk).update(visibility=Visibility.PRIVATE)
    assert looks.similar(works[0].pk) == keys(works[2:])
    assert not HungLook.objects.filter(pk=works[1].pk).exists()
    Artwork.objects.filter(pk=works[1].pk).update(visibility=Visibility.WALL)
    assert looks.similar(works[0].pk) == keys(works[1:])


def test_a_work_may_be_compared_that_does_not_hang_itself(works: list[Artwork], artist: Artist) -> None:
    private = seen(hanging.work(artist.user, visibility=Visibility.PRIVATE), 22.0)
    assert looks.similar(private.pk, limit=2) == keys([works[2], works[3]])
    assert looks.similar(works[2].pk, limit=1) == keys([works[1]])


def test_twins_count_once(works: list[Artwork], artist: Artist) -> None:
    twin_of_first = seen(hanging.work(artist.user), 0.4, 40.0)
    twin_of_second = seen(hanging.work(artist.user), 10.3, 30.0)
    recoloured = seen(hanging.work(artist.user), 0.6, 90.0)
    found = looks.similar(works[0].pk)
    assert twin_of_first.pk not in found
    assert found[:3] == keys([recoloured, works[1], works[2]])
    assert twin_of_second.pk not in found


def test_what_another_version_saw_is_compared_with_nothing(works: list[Artwork]) -> None:
    ArtworkLook.objects.filter(artwork=works[1]).update(version=0)
    assert looks.similar(works[0].pk) == keys(works[2:])
    assert looks.similar(works[1].pk) == []


def test_many_are_found_through_the_graph_where_it_is_used(works: list[Artwork]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    assert "gallery_hunglook_style" in looks.ranked(direction(0, 128), by="style")[:5].explain()
    assert looks.similar(works[0].pk) == keys(works[1:])


def test_another_way_or_number_is_refused(works: list[Artwork]) -> None:
    with pytest.raises(InvalidInput):
        looks.similar(works[0].pk, by="smell")  # type: ignore[arg-type]
    for limit in (0, 49):
        with pytest.raises(InvalidInput):
            looks.similar(works[0].pk, limit=limit)


def test_the_api_gives_cards_to_anybody(works: list[Artwork], django_assert_max_num_queries: Any) -> None:
    url = f"/api/v1/artworks/{works[0].pk}/similar/"
    with django_assert_max_num_queries(9):
        found = APIClient().get(url, {"by": "style", "limit": "3"}).json()
    assert (found["by"], [one["title"] for one in found["results"]]) == ("style", ["No 1", "No 2", "No 3"])
    assert APIClient().get(url, {"by": "smell"}).status_code == 422
    Artwork.objects.filter(pk=works[1].pk).update(visibility=Visibility.PRIVATE)
    again = APIClient().get(url, {"by": "style", "limit": "3"})  # that was kept for all until this edit
    assert [one["title"] for one in again.json()["results"]] == ["No 2", "No 3", "No 4"]
    assert again.headers["ETag"]
    Artwork.objects.filter(pk=works[0].pk).update(visibility=Visibility.PRIVATE)
    assert APIClient().get(url).status_code == 404


def test_a_works_page_links_to_what_is_like_it_and_htmx_brings_a_strip(works: list[Artwork], client: Client) -> None:
    url = f"/works/{works[0].pk}/similar/"
    assert url in client.get(f"/works/{works[0].pk}/").content.decode()
    page, strip = client.get(url), client.get(url, {"by": "colour"}, headers={"HX-Request": "true"})
    assert "<html" in page.content.decode()
    assert "No 1" in page.content.decode()
    assert "<html" not in strip.content.decode()
    assert strip.content.decode().index("No 1") < strip.content.decode().index("No 4")
    assert strip["Vary"]


def test_a_sentence_finds_what_is_said_to_be_so(artist: Artist, client: Client) -> None:
    titles = ("A storm over the sea", "Bowl of ripe fruit", "Portrait of an old sailor")
    for title in titles:
        work = hanging.work(artist.user, title=title)
        seen(work, 0.0, meaning=list(map(float, the_encoder().encode([words_of(work, [])])[0])), said="x:1")
        services.refresh_cards([work.pk])
    found = client.get("/api/v1/catalogue/by-meaning/", {"q": "waves in bad weather"}).json()
    assert (found["results"][0]["title"], found["notice"]) == (titles[0], "")
    foreign = client.get("/api/v1/catalogue/by-meaning/", {"q": "海上的风暴"}).json()
    assert foreign["results"] == []
    assert foreign["notice"]
    assert client.get("/api/v1/catalogue/by-meaning/", {"q": " "}).status_code == 422


def test_a_work_whose_colours_were_chosen_one_by_one_says_what_else_it_is(artist: Artist) -> None:
    chosen = {"palette": ["#102040", "#e0c090"], "sentence": "A harbour", "mix": [{"style": "stained-glass"}]}
    said = words_of(hanging.work(artist.user, title="Quay", recipe={"parameters": chosen}), ["blue"])
    assert said.startswith("Quay. A harbour. ")
    assert said.endswith(". blue")


def test_without_a_script_the_file_comes_with_the_form(visitor: Client, user: User) -> None:
    file = SimpleUploadedFile("quay.png", encoded(Image.new("RGB", (90, 60), "teal")), "image/png")
    sent = visitor.post("/search/picture/", {"file": file})
    assert sent["Location"] == f"/search/picture/{Job.objects.get(owner=user, purpose='look').pk}/"


MISTAKES = {
    "is no picture": ("quay.png", b"no picture", "image/png", "or is damaged"),
    "is too large": ("quay.png", b"x" * 3000, "image/png", "at most"),
    "is empty": ("quay.png", b"", "image/png", "empty"),
    "is what phones keep": ("IMG_1.HEIC", b"ftypheic", "image/heic", "save it as JPEG"),
    "is something else": ("song.mp3", b"ID3", "audio/mpeg", "This kind of file is not taken"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_without_a_script_a_file_that_cannot_be_read_is_told_beside_the_field(
    visitor: Client, settings: Any, mistake: str
) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"upload_max_bytes": 2000})
    name, data, kind, said = MISTAKES[mistake]
    answer = visitor.post("/search/picture/", {"file": SimpleUploadedFile(name, data, kind)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page.partition('id="plain-problem"')[2].partition("</p>")[0]
    assert not Job.objects.exists()


def test_of_a_picture_that_moves_the_first_moment_is_looked_at(visitor: Client) -> None:
    moments = [Image.new("RGB", (90, 60), colour) for colour in ("teal", "red")]
    kept = io.BytesIO()
    moments[0].save(kept, "WEBP", save_all=True, append_images=moments[1:], lossless=True)
    file = SimpleUploadedFile("quay.webp", kept.getvalue(), "image/webp")
    assert visitor.post("/search/picture/", {"file": file}).status_code == 302
    assert Job.objects.get(purpose="look")


def test_who_is_not_signed_in_reads_what_it_is(client: Client, db: None) -> None:
    page = client.get("/search/picture/").content.decode()
    assert "/accounts/login/?next=/search/picture/" in page
    assert '<form method="post" class="stack' not in page
    sent = client.post("/search/picture/", {"photograph": "none"})
    assert sent["Location"] == "/accounts/login/?next=/search/picture/"


def test_the_page_of_meaning_reads_a_sentence_or_says_why_not(
    artist: Artist, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, title in enumerate(("A storm over the sea", "Bowl of ripe fruit")):
        work = hanging.work(artist.user, title=title)
        seen(work, 30.0 * n, meaning=list(map(float, the_encoder().encode([words_of(work, [])])[0])), said="x:1")
        services.refresh_cards([work.pk])
    found = client.get("/search/meaning/", {"q": "waves in bad weather"}).content.decode()
    assert found.index("A storm over the sea") < found.index("Bowl of ripe fruit")
    foreign = client.get("/search/meaning/", {"q": "海上的风暴"}).content.decode()
    assert "reads English alone" in foreign
    assert "/search/?q=%E6%B5%B7" in foreign
    assert "/search/meaning/?q=storm" in client.get("/search/?q=storm").content.decode()
    monkeypatch.setattr("gallery.selectors.looks.the_encoder", _none)
    monkeypatch.setattr("gallery.selectors.looks.require_understood", _none)
    assert "No text model is installed" in client.get("/search/meaning/", {"q": "waves"}).content.decode()
    cache.clear()
    assert "/search/meaning/" not in client.get("/search/?q=storm").content.decode()


def _none(*_given: object) -> None:
    raise TextModelMissing("None is here.")


@pytest.fixture
def looked_at(user: User) -> Callable[[], Job]:
    """What a worker does with a look that waits."""

    def look() -> Job:
        job = Job.objects.get(owner=user, purpose="look")
        Job.objects.filter(pk=job.pk).update(state=JobState.SUCCEEDED, finished_at=Now())
        PictureLook.objects.create(
            job=job, style=direction(19.0, 128), colour=direction(0.0, 64), colours=["teal"],
            network="efficientnet-lite0", version=1,
        )  # fmt: skip
        return job

    return look


def test_one_searches_with_a_picture(
    works: list[Artwork], api: APIClient, user: User, looked_at: Callable[[], Job], make_user: Callable[..., User],
    client_of: Callable[[User], APIClient],
) -> None:  # fmt: skip
    upload = hanging.photograph(user)
    asked = api.post("/api/v1/catalogue/by-picture/", {"upload": str(upload.pk), "limit": 2}, format="json")
    assert (asked.status_code, asked.json()["state"], asked.json()["results"]) == (202, "queued", None)
    job = looked_at()
    found = api.get(asked.json()["url"], {"limit": 2}).json()
    assert [one["title"] for one in found["results"]] == ["No 2", "No 1"]
    assert found["colours"] == ["teal"]
    again = api.post("/api/v1/catalogue/by-picture/", {"upload": str(upload.pk), "by": "colour"}, format="json")
    assert (again.status_code, again.json()["id"]) == (200, str(job.pk))
    assert again.json()["results"][0]["title"] == "No 4"
    assert client_of(make_user()).get(asked.json()["url"]).status_code == 404
    asking = {"upload": str(upload.pk)}
    assert APIClient().post("/api/v1/catalogue/by-picture/", asking, format="json").status_code == 401


def test_a_picture_that_is_held_or_anothers_is_not_searched_with(
    api: APIClient, user: User, make_user: Callable[..., User]
) -> None:
    waiting = Upload.objects.create(owner=user, incoming_key="incoming/1", declared_size=9, declared_type="image/png")
    refused = api.post("/api/v1/catalogue/by-picture/", {"upload": str(waiting.pk)}, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["upload"])
    anothers = hanging.photograph(make_user())
    assert api.post("/api/v1/catalogue/by-picture/", {"upload": str(anothers.pk)}, format="json").status_code == 404
    assert not Job.objects.exists()


def test_the_page_takes_a_picture_waits_and_shows_what_was_found(
    works: list[Artwork], visitor: Client, user: User, looked_at: Callable[[], Job]
) -> None:
    assert visitor.get("/search/picture/").status_code == 200
    assert visitor.post("/search/picture/", {"photograph": "none"}).status_code == 422
    sent = visitor.post("/search/picture/", {"photograph": str(hanging.photograph(user).pk)})
    assert "every 1s" in visitor.get(sent["Location"]).content.decode()
    looked_at()
    found = visitor.get(sent["Location"]).content.decode()
    assert "every 1s" not in found
    assert "No 2" in found
