"""What the tests of provenance use: claims, pictures in every format, and a certificate authority of a test's own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.conf import LazySettings
from PIL import Image

from generation import provenance
from generation.provenance import development
from tests.generation.conftest import encoded

FORMATS = ("image/png", "image/webp", "image/avif")


@dataclass(frozen=True)
class Issued:
    """Where an authority's signer lies on disk."""

    certificate: Path
    key: Path
    authority: Path


@pytest.fixture
def data_dir(settings: LazySettings, tmp_path: Path) -> Path:
    """A data folder that holds no chain yet."""
    configure(settings, data_dir=tmp_path)
    return tmp_path


def configure(settings: LazySettings, **values: Any) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update=values)


def claim(**changes: Any) -> provenance.Claim:
    fields: dict[str, Any] = {
        "title": "Ships, again",
        "engine": "arbitrary-style",
        "engine_title": "Arbitrary style",
        "engine_version": "3",
        "model_hash": "c0ffee" * 10 + "c0ff",
        "seed": 2**53 - 1,
        "parameters": {"strength": 0.75, "sizes": [1, 2, 255], "palette": None, "words": "ünïcode"},
        "ingredients": (
            provenance.Ingredient(name="content", sha256="ab" * 32),
            provenance.Ingredient(name="styles", sha256="cd" * 32),
            provenance.Ingredient(name="styles", sha256="cd" * 32),
        ),
        "medium": "image",
    }
    return provenance.Claim(**(fields | changes))


def painting(media_type: str = "image/png") -> bytes:
    """A picture that no format can keep in a few bytes."""
    noise = Image.effect_noise((160, 120), 90).convert("RGB")
    return encoded(noise, media_type.removeprefix("image/").upper())


def issue(
    folder: Path, *, name: str = "Gallery Ltd", key: Any = None, lapses_in: timedelta = timedelta(days=90)
) -> Issued:
    """A signer as an operator would buy it: its chain and key in two files, and its authority's in a third."""
    folder.mkdir(parents=True, exist_ok=True)
    now, authority_key = datetime.now(UTC), ec.generate_private_key(ec.SECP256R1())
    key = key or ec.generate_private_key(ec.SECP256R1())
    above = development._name(f"Authority of {name}")
    authority = development._certificate(above, above, authority_key, authority_key, now, is_authority=True)
    own = (
        x509.CertificateBuilder(issuer_name=above, subject_name=development._name(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + lapses_in)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .add_extension(development._usage(is_authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(authority_key, SHA256())
    )
    issued = Issued(folder / "chain.pem", folder / "key.pem", folder / "authority.pem")
    issued.authority.write_bytes(authority.public_bytes(Encoding.PEM))
    issued.certificate.write_bytes(own.public_bytes(Encoding.PEM) + authority.public_bytes(Encoding.PEM))
    issued.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return issued


@pytest.fixture
def sign_as(settings: LazySettings, tmp_path: Path) -> Callable[..., Issued]:
    """Let the house sign with a certificate of its own."""

    def take(**options: Any) -> Issued:
        issued = issue(tmp_path / "bought", **options)
        configure(settings, c2pa_certificate=str(issued.certificate), c2pa_private_key=str(issued.key))
        return issued

    return take
