"""Pictures as people really send them, and as nobody should: each is made usable or named, and spoils nothing."""

import io
import struct
import zlib
from datetime import timedelta

import numpy as np
import pytest
from django.conf import LazySettings
from django.utils import timezone
from PIL import Image

from generation import services
from generation.models import Dataset, DatasetPicture
from generation.services import gathering
from marketplace.core import storage
from marketplace.core.storage import Bucket
from tests.generation.conftest import encoded
from tests.generation.learning.conftest import OWN, Add, painted, settle, zipped

pytestmark = pytest.mark.django_db

HALVES = Image.new("RGB", (64, 32), "red")
HALVES.paste("blue", (32, 0, 64, 32))


def kept(picture_id: str) -> Image.Image:
    picture = DatasetPicture.objects.get(pk=picture_id)
    assert picture.state == "ready", (picture.problem_code, picture.problem_detail)
    return Image.open(io.BytesIO(storage.get(Bucket.PRIVATE, picture.key))).convert("RGB")


def problem(picture_id: str) -> str:
    picture = DatasetPicture.objects.get(pk=picture_id)
    assert picture.state == "broken"
    return picture.problem_code


def test_a_photograph_lies_as_it_was_held(add: Add) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: what is left belongs on top
    (turned,) = add(encoded(HALVES, "JPEG", exif=exif))
    image = kept(turned)
    assert image.size == (32, 64)
    red, _, blue = image.getpixel((16, 8))  # type: ignore[misc]
    assert red > 200 > 60 > blue


def test_sixteen_bits_of_grey_keep_their_tones(add: Add) -> None:
    ramp = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    (grey,) = add(encoded(Image.fromarray(ramp)))
    tones = np.asarray(kept(grey))[..., 0].astype(int)
    assert abs(int(np.median(tones)) - 128) < 6


def test_inks_become_colours(add: Add) -> None:
    (inks,) = add(encoded(HALVES.convert("CMYK"), "JPEG"))
    red, _, blue = kept(inks).getpixel((8, 16))  # type: ignore[misc]
    assert red > 180 > 80 > blue


def test_of_an_animation_the_first_picture_is_kept_and_a_gif_is_named(add: Add) -> None:
    frames = [HALVES, Image.new("RGB", (64, 32), "green")]
    webp, gif = add(
        encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:]),
        encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]),
    )
    assert kept(webp).getpixel((8, 16))[0] > 200  # type: ignore[index]
    assert problem(gif) == "upload-not-an-image"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 60_000])
def test_a_bomb_is_named_before_it_is_decoded(add: Add, side: int) -> None:
    (found,) = add(bomb(side, side))
    assert problem(found) == "upload-too-many-pixels"


def test_a_jpeg_that_paints_over_and_over_is_named(add: Add) -> None:
    image = encoded(Image.effect_noise((64, 64), 60), "JPEG", progressive=True)
    scan = image[image.rindex(b"\xff\xda") : -2]
    (found,) = add(image[:-2] + scan * 200 + image[-2:])
    assert problem(found) == "upload-too-complex"


def test_a_file_that_is_cut_off_is_named(add: Add) -> None:
    good = encoded(Image.effect_noise((200, 200), 60).convert("RGB"), "JPEG")
    cut, whole = add(good[: len(good) // 2], painted(2))
    assert problem(cut) == "upload-not-an-image"
    kept(whole)


def test_a_decoder_that_breaks_down_breaks_one_picture(add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(data: bytes) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(gathering, "clean_picture", break_down)
        (found,) = add(painted(1))
    assert problem(found) == "upload-not-an-image"


def test_a_very_long_picture_is_bounded(add: Add) -> None:
    (long,) = add(encoded(Image.effect_noise((17_000, 40), 60).convert("RGB")))
    assert kept(long).size[0] == 16_000


def test_encrypted_files_in_a_zip_are_named(dataset: Dataset) -> None:
    data = bytearray(zipped({"a/1.png": painted(1), "b/2.png": painted(2)}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1  # the first file claims to be encrypted
    owner = dataset.artist.user
    file = services.Announced(filename="a.zip", media_type="application/zip", size=len(data))
    archive, _ = services.add_archive(dataset_id=dataset.pk, owner=owner, file=file, vouched=OWN)
    storage.put(Bucket.PRIVATE, archive.incoming_key, bytes(data), media_type="application/zip")
    services.confirm_files(dataset_id=dataset.pk, owner=owner, archives=[archive.pk])
    settle()
    states = dict(dataset.pictures.values_list("filename", "state"))
    assert states == {"a/1.png": "broken", "b/2.png": "ready"}


def test_what_never_came_is_given_up_and_its_keys_are_free(dataset: Dataset) -> None:
    owner = dataset.artist.user
    picture = services.Announced(filename="1.png", media_type="image/png", size=3)
    file = services.Announced(filename="a.zip", media_type="application/zip", size=3)
    services.add_pictures(dataset_id=dataset.pk, owner=owner, files=[picture], vouched=OWN)
    services.add_archive(dataset_id=dataset.pk, owner=owner, file=file, vouched=OWN)
    for rows in (dataset.pictures, dataset.archives):
        rows.update(created_at=timezone.now() - timedelta(days=2))

    assert services.expire_uploads() == 2
    for row in (dataset.pictures.get(), dataset.archives.get()):
        assert (row.state, row.problem_code, row.incoming_key) == ("broken", "upload-expired", "")


def test_previews_are_small_and_no_orphans(
    dataset: Dataset, add: Add, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    (one,) = add(encoded(Image.effect_noise((1500, 1000), 60).convert("RGB")))
    picture = DatasetPicture.objects.get(pk=one)
    with Image.open(io.BytesIO(storage.get(Bucket.PRIVATE, picture.preview_key))) as preview:
        assert max(preview.size) == 320
    monkeypatch.setattr("generation.services.files.YOUNG", timedelta(seconds=-60))
    services.remove_orphans()
    assert storage.head(Bucket.PRIVATE, picture.key)
    assert storage.head(Bucket.PRIVATE, picture.preview_key)
    services.remove_picture(dataset_id=dataset.pk, picture_id=picture.pk, owner=dataset.artist.user)
    assert services.remove_orphans() >= 2
    assert storage.head(Bucket.PRIVATE, picture.preview_key) is None
