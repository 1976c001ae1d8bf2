"""Works from earlier get the previews that a new work would have, and nothing of what is not to be shown."""

import pytest
from PIL import Image

from generation import provenance, selectors
from generation.models import Artwork
from generation.worker.refitting import refit_works
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.storage import Bucket
from tests.generation import checking
from tests.generation.conftest import encoded


@pytest.fixture
def earlier(user: User) -> Artwork:
    """A work of 700 pixels with one preview and no placeholder."""
    return checking.work(user, paint=Image.effect_noise((700, 500), 60).convert("RGB"))


def previews(artwork: Artwork) -> list[tuple[str, int]]:
    return sorted(artwork.files.filter(role="preview").values_list("format", "width"))


def test_a_work_from_earlier_gets_what_it_lacks_once(earlier: Artwork) -> None:
    before = earlier.updated_at
    kept = earlier.files.get(role="preview").sha256
    assert (refit_works(), refit_works()) == (1, 0)
    earlier.refresh_from_db()
    assert previews(earlier) == [("avif", 320), ("avif", 700), ("webp", 320), ("webp", 700)]
    assert earlier.files.get(role="preview", format="webp", width=700).sha256 == kept
    assert earlier.placeholder
    assert earlier.updated_at == before
    file = earlier.files.get(format="webp", width=320)
    manifest = provenance.read(storage.get(Bucket.PUBLIC, file.key), "image/webp")
    assert manifest is not None
    assert (manifest.is_trusted, manifest.software) == (True, "Toy 7")
    assert manifest.recipe == {
        "engine": "toy", "engine_version": "7", "medium": "image", "model_hash": "", "seed": 7,
        "parameters": {"size": 700, "behaviour": "paint"}, "inputs": [],
    }  # fmt: skip


def test_what_is_not_to_be_shown_is_left_alone(earlier: Artwork) -> None:
    earlier.files.filter(role="preview").update(is_marked=True)
    assert refit_works() == 0
    earlier.files.update(is_marked=False)
    Artwork.objects.update(visibility="hidden", taken_down_at="2026-01-01T00:00Z")
    assert refit_works() == 0
    assert len(previews(earlier)) == 1


def test_what_is_taken_down_meanwhile_gets_nothing_and_leaves_nothing_in_public(
    earlier: Artwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = selectors.unfitted_works()
    works = list(found)
    Artwork.objects.update(visibility="hidden", taken_down_at="2026-01-01T00:00Z")
    monkeypatch.setattr(selectors, "unfitted_works", lambda: works)
    before = {one.key for one in storage.list_objects(Bucket.PUBLIC, "previews/")}
    assert refit_works() == 1
    assert len(previews(earlier)) == 1
    assert {one.key for one in storage.list_objects(Bucket.PUBLIC, "previews/")} <= before


def test_a_damaged_original_is_not_tried_for_ever(earlier: Artwork) -> None:
    checking.overwrite(earlier, encoded(checking.image())[:40])
    assert (refit_works(), refit_works()) == (1, 0)
    earlier.refresh_from_db()
    assert (earlier.placeholder, len(previews(earlier))) == ("", 1)
