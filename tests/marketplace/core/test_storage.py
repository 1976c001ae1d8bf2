"""The object store, spoken to as browsers and workers speak to it."""

import secrets
from urllib.parse import urlsplit

import httpx
import pytest
from django.conf import LazySettings

from marketplace.core import storage
from marketplace.core.storage import Bucket


def test_what_is_put_is_got_and_gone_when_deleted() -> None:
    key = f"test/{secrets.token_hex(8)}.bin"
    storage.put(Bucket.PRIVATE, key, b"0123456789", media_type="application/x-test")
    assert storage.get(Bucket.PRIVATE, key) == b"0123456789"
    assert storage.get(Bucket.PRIVATE, key, at_most=4) == b"0123"
    assert storage.head(Bucket.PRIVATE, key) == storage.ObjectHead(10, "application/x-test")
    assert [o.key for o in storage.list_objects(Bucket.PRIVATE, "test/") if o.key == key] == [key]
    storage.delete(Bucket.PRIVATE, key)
    storage.delete(Bucket.PRIVATE, key)
    assert storage.head(Bucket.PRIVATE, key) is None
    with pytest.raises(storage.ObjectMissing):
        storage.get(Bucket.PRIVATE, key)


def test_previews_are_public_and_cached_for_ever() -> None:
    key = f"test/{secrets.token_hex(8)}.webp"
    storage.put(Bucket.PUBLIC, key, b"preview", media_type="image/webp")
    answer = httpx.get(storage.public_url(key))
    assert answer.content == b"preview"
    assert answer.headers["cache-control"] == storage.FOREVER
    assert answer.headers["content-type"] == "image/webp"


def test_originals_open_only_through_a_url_that_lapses() -> None:
    key = f"test/{secrets.token_hex(8)}.png"
    storage.put(Bucket.PRIVATE, key, b"original", media_type="image/png")
    signed = storage.presigned_get(key)
    assert httpx.get(signed).content == b"original"
    assert httpx.get(signed.partition("?")[0]).status_code == 403
    other = signed.replace(key, key + "x")
    assert httpx.get(other).status_code == 403


def test_the_public_bucket_lets_nobody_write_or_list() -> None:
    url = storage.public_url("test/written-by-a-stranger")
    assert httpx.put(url, content=b"x").status_code == 403
    bucket = urlsplit(url)._replace(path=f"/{Bucket.PUBLIC.full_name}/").geturl()
    assert httpx.get(bucket).status_code == 403


def test_a_browser_may_put_what_was_signed_and_nothing_else() -> None:
    key = f"incoming/{secrets.token_hex(8)}"
    put = storage.presigned_put(key, media_type="image/png", size=4, expires=60)
    assert httpx.put(put.url, content=b"abcd", headers={"Content-Type": "text/html"}).status_code == 403
    answer = httpx.put(put.url, content=b"abcd", headers=put.headers | {"Origin": "http://127.0.0.1:8000"})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert storage.get(Bucket.PRIVATE, key) == b"abcd"


def test_a_store_that_is_away_is_a_transient_fault(settings: LazySettings) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"s3_endpoint_url": "http://127.0.0.1:9"})
    with pytest.raises(storage.StorageUnavailable) as fault:
        storage.get(Bucket.PRIVATE, "any")
    assert fault.value.transient


def test_the_same_bytes_always_have_the_same_key() -> None:
    assert storage.content_key("originals", "abcdef12", "png") == "originals/ab/cd/abcdef12.png"
