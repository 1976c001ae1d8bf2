"""Object storage: the one place that speaks S3.

Two buckets: `private` holds uploads and originals, reached through URLs that lapse; `public` holds previews under
names derived from their content, so that browsers may keep them for ever.
"""

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import boto3
from boto3.exceptions import S3UploadFailedError
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.translation import gettext

from marketplace.core.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_CHUNK = 1 << 20
# From so many bytes on a file is sent in parts; as many of them lie in memory as are sent at once.
_IN_PARTS = TransferConfig(multipart_threshold=16 << 20, multipart_chunksize=16 << 20, max_concurrency=2)
# A browser keeps what it has seen: its name says what is in it. A shared cache asks again every hour, so that a picture
# that was taken down is gone from there within one, where no cache is told at once (CDN_PURGE_URLS).
FOREVER = "public, max-age=31536000, s-maxage=3600, immutable"


class StorageUnavailable(Unavailable):
    """The object store does not answer; trying again may help."""

    code, title = "storage-unavailable", "The object store does not answer"


class ObjectMissing(NotFound):
    """There is no object under this key."""

    code, title = "object-missing", "The file is not there"


class Bucket(enum.Enum):
    PRIVATE = "private"
    PUBLIC = "public"

    @property
    def full_name(self) -> str:
        atelier = settings.ATELIER
        return str(atelier.s3_private_bucket if self is Bucket.PRIVATE else atelier.s3_public_bucket)


@dataclass(frozen=True, slots=True)
class ObjectHead:
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class StoredObject:
    key: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class PresignedPut:
    """Where a browser may PUT one file, and the headers it must send with it."""

    url: str
    headers: dict[str, str]


@cache
def _client(endpoint: str, access_key: str, secret_key: str, region: str) -> "S3Client":
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        region_name=region,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=3,
            read_timeout=20,
            retries={"max_attempts": 3, "mode": "standard"},
            # Not every S3 server knows the trailing checksums that newer SDKs send unasked.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def _s3(*, for_browser: bool = False) -> "S3Client":
    atelier = settings.ATELIER
    endpoint = (for_browser and atelier.s3_browser_url) or atelier.s3_endpoint_url
    keys = atelier.s3_access_key.get_secret_value(), atelier.s3_secret_key.get_secret_value()
    return _client(endpoint, *keys, atelier.s3_region)


@contextmanager
def _faults(key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
            raise ObjectMissing(gettext("No object %(key)s") % {"key": key}) from error
        raise StorageUnavailable(gettext("The object store refused %(key)s") % {"key": key}) from error
    except BotoCoreError as error:
        raise StorageUnavailable(
            gettext("The object store does not answer (%(type)s)") % {"type": type(error).__name__}
        ) from error


def content_key(prefix: str, sha256: str, extension: str) -> str:
    """A key that says what the object holds: the same bytes always land in the same place."""
    return f"{prefix}/{sha256[:2]}/{sha256[2:4]}/{sha256}.{extension}"


def put(bucket: Bucket, key: str, data: bytes, *, media_type: str, disposition: str = "inline") -> None:
    """Store `data`; objects of the public bucket may be cached for ever. Raises StorageUnavailable."""
    with _faults(key):
        _s3().put_object(
            Bucket=bucket.full_name,
            Key=key,
            Body=data,
            ContentType=media_type,
            CacheControl=FOREVER if bucket is Bucket.PUBLIC else "private, no-store",
            ContentDisposition=disposition,
        )


def put_file(bucket: Bucket, key: str, file: Path, *, media_type: str, disposition: str = "inline") -> None:
    """Store what lies in a file, a large one in parts, without reading it into memory. Raises StorageUnavailable."""
    described = {
        "ContentType": media_type,
        "CacheControl": FOREVER if bucket is Bucket.PUBLIC else "private, no-store",
        "ContentDisposition": disposition,
    }
    with _faults(key):
        try:
            _s3().upload_file(str(file), bucket.full_name, key, ExtraArgs=described, Config=_IN_PARTS)
        except S3UploadFailedError as error:
            raise StorageUnavailable(gettext("The object store refused %(key)s") % {"key": key}) from error


def get(bucket: Bucket, key: str, *, at_most: int | None = None) -> bytes:
    """The object's bytes, the first `at_most` of them. Raises ObjectMissing, StorageUnavailable."""
    with _faults(key):
        body = _s3().get_object(Bucket=bucket.full_name, Key=key)["Body"]
        return body.read(at_most) if at_most is not None else body.read()


def fetch(bucket: Bucket, key: str, into: BinaryIO, *, at_most: int) -> int:
    """Write an object's bytes, the first `at_most` of them, into a file; return how many there were.

    Raises ObjectMissing, StorageUnavailable.
    """
    written = 0
    with _faults(key):
        body = _s3().get_object(Bucket=bucket.full_name, Key=key)["Body"]
        while written < at_most and (chunk := body.read(min(_CHUNK, at_most - written))):
            written += into.write(chunk)
        body.close()
    return written


def head(bucket: Bucket, key: str) -> ObjectHead | None:
    """Size and declared type, or None where there is no such object. Raises StorageUnavailable."""
    try:
        with _faults(key):
            answer = _s3().head_object(Bucket=bucket.full_name, Key=key)
    except ObjectMissing:
        return None
    return ObjectHead(size=answer["ContentLength"], media_type=answer["ContentType"])


def delete(bucket: Bucket, key: str) -> None:
    """Remove the object; one that is not there is no error. Raises StorageUnavailable."""
    try:
        with _faults(key):
            _s3().delete_object(Bucket=bucket.full_name, Key=key)
    except ObjectMissing:
        return


def list_objects(bucket: Bucket, prefix: str = "") -> Iterator[StoredObject]:
    """Every object below `prefix`. Raises StorageUnavailable."""
    with _faults(prefix):
        for page in _s3().get_paginator("list_objects_v2").paginate(Bucket=bucket.full_name, Prefix=prefix):
            for item in page.get("Contents", []):
                yield StoredObject(key=item["Key"], size=item["Size"], modified=item["LastModified"])


def presigned_put(key: str, *, media_type: str, size: int, expires: int) -> PresignedPut:
    """Leave for a browser to PUT one object of exactly this type and size into the private bucket."""
    url = _s3(for_browser=True).generate_presigned_url(
        "put_object",
        Params={
            "Bucket": Bucket.PRIVATE.full_name,
            "Key": key,
            "ContentType": media_type,
            "ContentLength": size,
        },
        ExpiresIn=expires,
    )
    return PresignedPut(url=url, headers={"Content-Type": media_type})


def presigned_get(key: str, *, expires: int = 300) -> str:
    """A URL of a private object that lapses after `expires` seconds."""
    params = {"Bucket": Bucket.PRIVATE.full_name, "Key": key}
    return _s3(for_browser=True).generate_presigned_url("get_object", Params=params, ExpiresIn=expires)


def public_url(key: str) -> str:
    """The lasting URL of a public object."""
    atelier = settings.ATELIER
    base = atelier.s3_public_url or f"{atelier.s3_browser_url or atelier.s3_endpoint_url}/{atelier.s3_public_bucket}"
    return f"{base.rstrip('/')}/{key}"


def ensure_buckets() -> None:
    """Make the buckets that do not stand yet. Raises StorageUnavailable."""
    for bucket in Bucket:
        try:
            with _faults(bucket.full_name):
                _s3().head_bucket(Bucket=bucket.full_name)
        except ObjectMissing:
            with _faults(bucket.full_name):
                _s3().create_bucket(Bucket=bucket.full_name)
