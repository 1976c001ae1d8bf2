"""Continuity bundles: what an owner needs to show, use and prove a work when this house is gone.

A bundle is a zip file that is the same, byte for byte, whenever it is packed: names in one order, the certificate's
time on every file, nothing compressed anew that is compressed already. It lies in private under the hash of its signed
table of contents for a day, so that a download that broke off goes on; packing again gives the same file.
"""

import tempfile
import zipfile
from datetime import UTC, timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO, BinaryIO, cast
from uuid import UUID

import structlog
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, gettext

from gallery.errors import FileDamaged
from gallery.selectors import bundles
from gallery.selectors.bundles import Bundled
from marketplace.accounts.models import User
from marketplace.core import outbox, storage
from marketplace.core.canonical import canonical
from marketplace.core.storage import Bucket
from marketplace.orders import selectors as orders
from marketplace.orders import services as certificates

log = structlog.get_logger(__name__)

ASKED = "bundle.asked"
FOLDER = "bundles"
AT_ONCE = 32 << 20  # bytes of an original; larger ones are packed by a worker while the owner waits
KEPT = timedelta(days=1)
_REMEMBERED = 3600  # seconds
_ASKED_AGAIN = 300


def bundle_url(*, owner: User, edition_id: UUID) -> str | None:
    """Where the bundle of one's edition can be fetched for five minutes; None while a worker packs it.

    Its README is in the language of the request. Raises NotFound, also while the certificate is being written;
    CertificateSuperseded while the work is held back; FileDamaged, StorageUnavailable.
    """
    orders.owned_by(owner, edition_id)
    certificate = orders.valid_certificate_of(edition_id)
    language = get_language() or "en"
    name = _name(certificate.pk, language)
    key = cache.get(name)
    if key is None or storage.head(Bucket.PRIVATE, key) is None:
        bundle = bundles.bundled(certificate)
        if bundle.original.bytes > AT_ONCE:
            if cache.add(f"{name}:asked", 1, _ASKED_AGAIN):
                with transaction.atomic():
                    outbox.emit(ASKED, f"{certificate.pk} {language}")
            return None
        key = pack_bundle(certificate_id=certificate.pk, language=language)
    return storage.presigned_get(key)


def pack_bundle(*, certificate_id: UUID, language: str) -> str:
    """Pack the bundle of a valid certificate's edition, and return its key in the private bucket.

    Raises NotFound, CertificateSuperseded, FileDamaged, ObjectMissing, StorageUnavailable.
    """
    certificate = orders.certificate_by_id(certificate_id)
    paper = certificates.certificate_key(certificate=certificate)
    bundle = bundles.bundled(certificate)
    texts = bundles.texts_of(bundle, language)
    texts["certificate.json"] = certificates.attachment(certificate, orders.said_by(certificate))
    texts["certificate.pdf"] = storage.get(Bucket.PRIVATE, paper)
    texts["contents.json"] = _table(bundle, texts)
    key = storage.content_key(FOLDER, sha256(texts["contents.json"]).hexdigest(), "zip")
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        _write(cast("IO[bytes]", file), bundle, texts)
        file.flush()
        storage.put_file(
            Bucket.PRIVATE, key, Path(file.name), media_type="application/zip",
            disposition=f'attachment; filename="{_stem(bundle)}.zip"',
        )  # fmt: skip
    cache.set(_name(certificate_id, language), key, _REMEMBERED)
    log.info("bundle.packed", certificate=str(certificate_id), language=language)
    return key


def forget_bundles() -> int:
    """Remove bundles that were packed more than a day ago; return how many. Raises StorageUnavailable."""
    over = timezone.now() - KEPT
    old = [one.key for one in storage.list_objects(Bucket.PRIVATE, f"{FOLDER}/") if one.modified < over]
    for key in old:
        storage.delete(Bucket.PRIVATE, key)
    return len(old)


def _table(bundle: Bundled, texts: dict[str, bytes]) -> bytes:
    hashes = {name: sha256(data).hexdigest() for name, data in texts.items()}
    hashes[bundle.original_name] = bundle.original.sha256
    table = bundles.contents_of(bundle, hashes, certificates.signing_key().pk)
    return bundles.readable({"contents": table, "signature": certificates.sign(canonical(table))})


def _write(file: IO[bytes], bundle: Bundled, texts: dict[str, bytes]) -> None:
    """Everything into one zip; the original goes from the store to the disk in small pieces, and is hashed as it goes.

    Raises FileDamaged.
    """
    original = bundle.original
    with zipfile.ZipFile(file, "w") as packed:
        for name in sorted(texts):
            packed.writestr(_entry(bundle, name), texts[name], zipfile.ZIP_DEFLATED, 9)
        entry = _entry(bundle, bundle.original_name)
        entry.file_size = original.bytes
        with packed.open(entry, "w", force_zip64=original.bytes >= 1 << 31) as place:
            passing = _Hashed(place)
            storage.fetch(Bucket(original.bucket), original.key, cast("BinaryIO", passing), at_most=original.bytes + 1)
    if passing.digest.hexdigest() != original.sha256:
        raise FileDamaged(gettext("The kept original is not the file that was certified."))


class _Hashed:
    """Passes bytes on, and knows their hash."""

    def __init__(self, to: IO[bytes]) -> None:
        self.to, self.digest = to, sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self.to.write(data)


def _entry(bundle: Bundled, name: str) -> zipfile.ZipInfo:
    packed_at = bundle.certificate.created_at.astimezone(UTC).timetuple()[:6]
    entry = zipfile.ZipInfo(f"{_stem(bundle)}/{name}", packed_at)
    entry.create_system = 3  # Unix, whatever packs it
    entry.external_attr = 0o100644 << 16
    return entry


def _stem(bundle: Bundled) -> str:
    title = slugify(bundle.artwork.display_title)[:40].strip("-") or "work"
    return f"atelier-{title}-{bundle.owned.edition.number}-{str(bundle.certificate.pk)[-6:]}"


def _name(certificate_id: UUID, language: str) -> str:
    return f"bundle:1:{certificate_id}:{language}"
