"""The house's key for certificates: a file of the operator's, or a development key made once for a data folder."""

import fcntl
import os
from base64 import b64decode, b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.utils.translation import gettext

from marketplace.orders.errors import CertificateKeyUnusable
from marketplace.orders.models import Certificate, SigningKey

DEVELOPMENT = "certificates.pem"


def signing_key() -> SigningKey:
    """The key that signs now; its public half is kept for good. Raises CertificateKeyUnusable."""
    public = _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    known, _ = SigningKey.objects.get_or_create(
        pk=sha256(public).hexdigest()[:16], defaults={"public": b64encode(public).decode()}
    )
    return known


def sign(text: bytes) -> str:
    """The signature in base64. Raises CertificateKeyUnusable."""
    return b64encode(_key().sign(text)).decode()


def is_genuine(certificate: Certificate) -> bool:
    """Whether the signature fits the document and the key that is kept."""
    key = Ed25519PublicKey.from_public_bytes(b64decode(certificate.key.public))
    try:
        key.verify(b64decode(certificate.signature), certificate.document.encode())
    except InvalidSignature:
        return False
    return True


def _key() -> Ed25519PrivateKey:
    chosen = settings.ATELIER.certificate_private_key
    try:
        path = Path(chosen) if chosen else _development()
        key = _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, TypeError) as error:
        raise CertificateKeyUnusable(
            gettext("CERTIFICATE_PRIVATE_KEY cannot be read: %(error)s") % {"error": error}
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CertificateKeyUnusable(gettext("CERTIFICATE_PRIVATE_KEY is no Ed25519 key."))
    return key


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> PrivateKeyTypes:
    """The key in a file, read once for each time that the file was `changed`."""
    return load_pem_private_key(path.read_bytes(), None)


def _development() -> Path:
    """The development key's file; made if there is none, once, even by processes that start together."""
    folder = Path(settings.ATELIER.data_dir)
    path = folder / DEVELOPMENT
    if path.exists():  # it comes into being whole
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{DEVELOPMENT}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            draft = path.with_suffix(".draft")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(pem)
            draft.replace(path)
    return path
