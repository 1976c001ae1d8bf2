"""The development chain: a certificate authority and a signer, so that files are signed before anybody bought a name.

It is made once for a data folder, even by processes that start together, and anew a month before it lapses. The
authority's own key is thrown away as soon as it has signed: nobody can sign with it again, and every authority that
ever was stays in `anchors.pem`, so that older files stay trusted.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# Without a time-stamp a signature is good only as long as its certificate, so this one lasts.
LASTS = timedelta(days=3650)
RENEWED_BEFORE = timedelta(days=30)
SIGNER = "development.pem"
ANCHORS = "anchors.pem"


def chain_with_key(folder: Path) -> str:
    """The development key, its certificate and the authority's, as PEM; made if there are none that last."""
    path = folder / SIGNER
    if text := _lasting(path):
        return text
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        return _lasting(path) or _make(folder)


def anchors(folder: Path) -> str:
    """Every development authority that this folder has known, as PEM; nothing where none was ever needed."""
    with suppress(FileNotFoundError):
        return (folder / ANCHORS).read_text()
    return ""


def _lasting(path: Path) -> str:
    """The file's text, if it is there and its certificate lasts a while."""
    try:
        text = path.read_text()
        lapses_at = x509.load_pem_x509_certificates(text.encode())[0].not_valid_after_utc
    except (FileNotFoundError, ValueError):
        return ""
    return text if lapses_at - datetime.now(UTC) > RENEWED_BEFORE else ""


def _make(folder: Path) -> str:
    now = datetime.now(UTC).replace(microsecond=0)
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    name = _name("Atelier development authority")
    authority = _certificate(name, name, authority_key, authority_key, now, is_authority=True)
    own = _certificate(_name("Atelier development"), name, key, authority_key, now, is_authority=False)
    pem = [certificate.public_bytes(Encoding.PEM).decode() for certificate in (own, authority)]
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode() + "".join(pem)
    # The authority first: whoever finds the new signer must find that it is trusted.
    _write(folder / ANCHORS, anchors(folder) + pem[1], mode=0o644)
    _write(folder / SIGNER, text, mode=0o600)
    return text


def _certificate(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signing_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    *,
    is_authority: bool,
) -> x509.Certificate:
    """A certificate as C2PA asks for it: an authority, or a signer whose extended use is e-mail protection."""
    builder = (
        x509.CertificateBuilder(issuer_name=issuer, subject_name=name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))  # another machine's clock may be behind
        .not_valid_after(now + LASTS)
        .add_extension(x509.BasicConstraints(is_authority, 0 if is_authority else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .add_extension(_usage(is_authority), critical=True)
    )
    if not is_authority:
        use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(use, critical=False)
    return builder.sign(signing_key, SHA256())


def _usage(is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority, key_cert_sign=is_authority, crl_sign=is_authority, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Atelier"),
        ]
    )


def _write(path: Path, text: str, mode: int) -> None:
    """Put a file in its place whole; it never exists with more rights than it should have."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: of processes that start together, one makes the chain and the others find it."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield  # closing the file lets go of the lock
