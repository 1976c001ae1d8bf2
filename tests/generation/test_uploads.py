"""Uploads, through the services and the real object store."""

import hashlib
import io
import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from urllib.error import HTTPError

import pytest
from django.conf import LazySettings
from PIL import Image

from generation import errors, services
from generation.models import Upload
from generation.services import uploads as uploading
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.storage import Bucket
from tests.generation.conftest import encoded, picture, put_file

pytestmark = pytest.mark.django_db

Send = Callable[..., Upload]


def complete(upload: Upload) -> Upload:
    return services.complete_upload(upload_id=upload.pk, owner=upload.owner)


def stored(upload: Upload) -> Image.Image:
    return Image.open(io.BytesIO(storage.get(Bucket.PRIVATE, upload.key)))


@pytest.mark.parametrize("media_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_is_kept_as_png_under_the_hash_of_its_bytes(send: Send, media_format: str) -> None:
    upload = complete(send(picture(media_format=media_format), f"image/{media_format.lower()}"))

    data = storage.get(Bucket.PRIVATE, upload.key)
    assert (upload.state, upload.width, upload.height, upload.media_type) == ("ready", 40, 20, "image/png")
    assert upload.sha256 == hashlib.sha256(data).hexdigest()
    assert upload.key == f"uploads/{upload.sha256[:2]}/{upload.sha256[2:4]}/{upload.sha256}.png"
    assert stored(upload).format == "PNG"
    assert storage.head(Bucket.PRIVATE, upload.incoming_key) is None


def test_the_same_picture_sent_twice_is_kept_once(send: Send, make_user: Callable[[], User]) -> None:
    first = complete(send(picture()))
    second = complete(send(picture(), owner=make_user()))

    assert first.pk != second.pk
    assert first.key == second.key


def test_completing_again_gives_the_same_answer(send: Send) -> None:
    upload = complete(send(picture()))
    again = complete(upload)

    assert (again.key, again.completed_at) == (upload.key, upload.completed_at)


def test_a_picture_lying_on_its_side_is_turned_and_forgets_where_it_was_taken(send: Send) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    exif[0x010F] = "Cameramaker"
    exif.get_ifd(0x8825)[1] = "N"  # where it was taken
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>secret</x:xmpmeta>"
    image = Image.new("RGB", (40, 20), "red")
    image.paste("blue", (0, 0, 20, 20))
    upload = complete(send(encoded(image, "JPEG", exif=exif, xmp=xmp, quality=95), "image/jpeg"))

    kept = stored(upload)
    assert kept.size == (20, 40)
    assert not kept.getexif()
    assert kept.info == {}
    left_became_top = kept.getpixel((10, 5))
    assert isinstance(left_became_top, tuple)
    assert left_became_top[2] > 200
    data = storage.get(Bucket.PRIVATE, upload.key)
    assert b"secret" not in data
    assert b"Cameramaker" not in data


def png_header_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds almost nothing: a decompression bomb's fuse."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


REJECTIONS: list[tuple[str, bytes, str]] = [
    ("a decompression bomb", png_header_of(60_000, 60_000), "upload-too-many-pixels"),
    ("a few pixels too many", png_header_of(10_000, 5_001), "upload-too-many-pixels"),
    ("a web page named .jpg", b"<!doctype html><script>alert(1)</script>", "upload-not-an-image"),
    ("a truncated JPEG", picture(400, 400, media_format="JPEG")[:600], "upload-not-an-image"),
    ("a GIF", picture(media_format="GIF"), "upload-not-an-image"),
    ("a header and nothing else", png_header_of(30, 30), "upload-not-an-image"),
]


@pytest.mark.parametrize(("data", "code"), [r[1:] for r in REJECTIONS], ids=[r[0] for r in REJECTIONS])
def test_what_is_no_honest_picture_is_rejected_for_good(send: Send, data: bytes, code: str) -> None:
    upload = send(data, "image/jpeg")

    with pytest.raises(errors.UploadProblem) as first:
        complete(upload)
    with pytest.raises(errors.UploadProblem) as second:
        complete(upload)

    upload.refresh_from_db()
    assert first.value.code == second.value.code == upload.problem_code == code
    assert (upload.state, upload.key, upload.problem_detail) == ("rejected", "", first.value.detail)
    assert storage.head(Bucket.PRIVATE, upload.incoming_key) is None


def test_an_upload_whose_file_never_came_may_still_come(user: User) -> None:
    upload, put = services.request_upload(owner=user, filename="p.png", media_type="image/png", size=len(picture()))
    with pytest.raises(errors.UploadMissing):
        complete(upload)
    upload.refresh_from_db()
    assert (upload.state, upload.problem_code) == ("pending", "upload-missing")

    put_file(put, picture())

    assert complete(upload).state == "ready"
    upload.refresh_from_db()
    assert upload.problem_code == ""


def test_a_file_of_another_length_than_announced_is_rejected(user: User) -> None:
    upload, _ = services.request_upload(owner=user, filename="p.png", media_type="image/png", size=10)
    storage.put(Bucket.PRIVATE, upload.incoming_key, picture(), media_type="image/png")

    with pytest.raises(errors.UploadSizeMismatch, match="10 bytes were announced"):
        complete(upload)


def test_the_object_store_refuses_another_type_than_was_signed(user: User) -> None:
    upload, put = services.request_upload(owner=user, filename="p.png", media_type="image/png", size=len(picture()))
    put.headers["Content-Type"] = "text/html"

    with pytest.raises(HTTPError) as refused:
        put_file(put, picture())
    refused.value.close()

    assert refused.value.code == 403
    assert storage.head(Bucket.PRIVATE, upload.incoming_key) is None


def test_a_file_that_is_announced_too_large_gets_no_leave(user: User, settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"upload_max_bytes": 1000})
    with pytest.raises(errors.UploadTooLarge):
        services.request_upload(owner=user, filename="", media_type="image/png", size=1001)
    assert not Upload.objects.exists()


def test_a_file_that_turns_out_too_large_is_rejected(send: Send, settings: LazySettings) -> None:
    upload = send(picture())
    settings.ATELIER = settings.ATELIER.model_copy(update={"upload_max_bytes": 10})
    with pytest.raises(errors.UploadTooLarge):
        complete(upload)


@pytest.mark.parametrize(("media_type", "size", "field"), [("text/html", 5, "media_type"), ("image/png", 0, "size")])
def test_nonsense_is_not_announced(user: User, media_type: str, size: int, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.request_upload(owner=user, filename="", media_type=media_type, size=size)
    assert list(refused.value.data["errors"]) == [field]


def test_nobody_completes_another_persons_upload(send: Send, make_user: Callable[[], User]) -> None:
    upload = send(picture())
    with pytest.raises(NotFound):
        services.complete_upload(upload_id=upload.pk, owner=make_user())


def test_uploads_that_never_came_expire_and_take_their_files_with_them(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale, done = send(picture()), complete(send(picture(colour="red")))
    storage.put(Bucket.PRIVATE, "incoming/stray", b"x", media_type="image/png")
    assert (services.expire_uploads(), services.remove_incoming_orphans()) == (0, 0)

    monkeypatch.setattr(uploading, "GIVE_UP", timedelta(seconds=-5))

    assert services.expire_uploads() == 1
    assert services.remove_incoming_orphans() >= 1
    stale.refresh_from_db()
    done.refresh_from_db()
    assert (stale.state, stale.problem_code, done.state) == ("rejected", "upload-expired", "ready")
    assert list(storage.list_objects(Bucket.PRIVATE, "incoming/")) == []
