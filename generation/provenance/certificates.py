"""Certificates: the operator's own, or a development chain that is made once and kept in the data folder."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID
from django.conf import settings

from generation.errors import CertificateUnusable
from generation.provenance import development

_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a signature is made with."""

    chain: str  # PEM, the signer's own certificate first
    key: str  # PEM
    algorithm: str  # as COSE names it: es256, ps256, ed25519
    name: str
    lapses_at: datetime


def signing_credentials() -> Credentials:
    """The chain and key that sign now; a renewed file is taken up without a restart. Raises CertificateUnusable."""
    atelier = settings.ATELIER
    if atelier.c2pa_certificate:
        chain, key = _text(atelier.c2pa_certificate), _text(atelier.c2pa_private_key)
    else:
        chain = key = development.chain_with_key(_folder())
    credentials = _parse(chain, key)
    if credentials.lapses_at <= datetime.now(UTC):
        raise CertificateUnusable(
            f"The certificate of “{credentials.name}” lapsed on {credentials.lapses_at:%d %B %Y}."
        )
    return credentials


def trust_anchors() -> str:
    """The PEM certificates that we answer for: whoever they signed for is trusted. Raises CertificateUnusable."""
    atelier = settings.ATELIER
    own = _topmost(_text(atelier.c2pa_certificate)) if atelier.c2pa_certificate else development.anchors(_folder())
    return own + (_text(atelier.c2pa_trust_anchors) if atelier.c2pa_trust_anchors else "")


def _folder() -> Path:
    return Path(settings.ATELIER.data_dir) / "provenance"


def _text(path: str) -> str:
    if not path:
        raise CertificateUnusable("C2PA_CERTIFICATE is set, and C2PA_PRIVATE_KEY is not.")
    try:
        return Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise CertificateUnusable(f"{path} cannot be read: {os.strerror(getattr(error, 'errno', 0) or 5)}.") from error


@lru_cache(maxsize=2)
def _topmost(chain: str) -> str:
    return _certificates(chain)[-1].public_bytes(Encoding.PEM).decode()


@lru_cache(maxsize=2)
def _parse(chain: str, key: str) -> Credentials:
    certificates = _certificates(chain)
    try:
        private = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise CertificateUnusable("The private key is not an unencrypted PEM key.") from error
    own = certificates[0]
    # c2pa would sign with a strange key all the same, and every reader would refuse the file.
    if private.public_key() != own.public_key():
        raise CertificateUnusable("The private key is not that of the first certificate.")
    return Credentials(
        chain="".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in certificates),
        key=private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        algorithm=_algorithm(private),
        name=_name(own),
        lapses_at=own.not_valid_after_utc,
    )


def _certificates(chain: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(chain.encode())
    except ValueError as error:
        raise CertificateUnusable("The certificate is not a PEM chain.") from error


def _algorithm(key: object) -> str:
    match key:
        case ec.EllipticCurvePrivateKey() if key.curve.name in _CURVES:
            return _CURVES[key.curve.name]
        case rsa.RSAPrivateKey() if key.key_size >= 2048:
            return "ps256"
        case ed25519.Ed25519PrivateKey():
            return "ed25519"
    raise CertificateUnusable("C2PA takes keys on P-256, P-384 or P-521, Ed25519, and RSA from 2048 bits.")


def _name(certificate: x509.Certificate) -> str:
    named = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(named[0].value) if named else certificate.subject.rfc4514_string()
