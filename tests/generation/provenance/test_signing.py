"""Every file is signed, says what made it, and is the same picture as before."""

import io
import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.conf import LazySettings
from PIL import Image

from generation import provenance
from generation.errors import CertificateUnusable, TimestampUnavailable, UnsignableFile
from generation.provenance.claims import VERSION
from marketplace.house.ports import free_port
from tests.generation.provenance.conftest import FORMATS, Issued, claim, configure, issue, painting

pytestmark = pytest.mark.usefixtures("data_dir")
ROOT = Path(__file__).parents[3]


def signed(media_type: str = "image/png", **changes: Any) -> bytes:
    return provenance.sign(painting(media_type), media_type=media_type, claim=claim(**changes))


def said(data: bytes, media_type: str = "image/png") -> provenance.Manifest:
    manifest = provenance.read(data, media_type)
    assert manifest is not None
    return manifest


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_signed_file_says_all_that_the_claim_says(media_type: str) -> None:
    manifest = said(signed(media_type), media_type)
    assert (manifest.is_valid, manifest.is_trusted, manifest.problems) == (True, True, ())
    assert (manifest.signed_by, manifest.issuer, manifest.signed_at) == ("Atelier development", "Atelier", "")
    assert manifest.generator == f"Atelier {VERSION}"
    assert manifest.software == "Arbitrary style 3"
    assert manifest.title == "Ships, again"
    assert manifest.source_type == "trainedAlgorithmicMedia"
    assert manifest.is_ai_generated
    assert manifest.ingredients == claim().ingredients
    assert manifest.recipe == {
        "engine": "arbitrary-style", "engine_version": "3", "medium": "image", "model_hash": claim().model_hash,
        "seed": 2**53 - 1,
        "parameters": {"strength": 0.75, "sizes": [1, 2, 255], "palette": None, "words": "ünïcode"},
        "inputs": [
            {"name": "content", "sha256": "ab" * 32},
            {"name": "styles", "sha256": "cd" * 32},
            {"name": "styles", "sha256": "cd" * 32},
        ],
    }  # fmt: skip


@pytest.mark.parametrize("media_type", FORMATS)
def test_the_picture_itself_stays_as_it_was(media_type: str) -> None:
    before = painting(media_type)
    after = provenance.sign(before, media_type=media_type, claim=claim())
    assert before != after
    assert Image.open(io.BytesIO(after)).tobytes() == Image.open(io.BytesIO(before)).tobytes()


def test_an_engine_without_weights_is_a_formula_and_no_trained_model() -> None:
    manifest = said(signed(model_hash="", ingredients=()))
    assert manifest.source_type == "algorithmicMedia"
    assert not manifest.is_ai_generated
    assert (manifest.is_trusted, manifest.ingredients) == (True, ())


def test_the_version_is_that_of_the_project() -> None:
    assert f'\nversion = "{VERSION}"\n' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(b"no picture", "image/png"), (b"", "image/png"), (painting(), "image/webp"), (painting(), "text/plain")],
)
def test_what_is_not_the_file_it_is_said_to_be_cannot_be_signed(data: bytes, media_type: str) -> None:
    with pytest.raises(UnsignableFile) as caught:
        provenance.sign(data, media_type=media_type, claim=claim())
    assert not caught.value.transient


def test_an_authority_that_does_not_answer_is_a_fault_that_may_pass(settings: LazySettings) -> None:
    configure(settings, c2pa_timestamp_url=f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(TimestampUnavailable) as caught:
        signed()
    assert caught.value.transient


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
    ],
    ids=["P-384", "Ed25519", "RSA"],
)
def test_the_operators_own_certificate_signs_whatever_its_key(key: Any, sign_as: Callable[..., Issued]) -> None:
    sign_as(key=key)
    manifest = said(signed())
    assert (manifest.signed_by, manifest.is_trusted) == ("Gallery Ltd", True)


def test_a_key_of_another_certificate_is_refused(
    sign_as: Callable[..., Issued], settings: LazySettings, tmp_path: Path
) -> None:
    sign_as()
    configure(settings, c2pa_private_key=str(issue(tmp_path / "other").key))
    with pytest.raises(CertificateUnusable, match="not that of the first certificate"):
        signed()


def test_many_threads_sign_at_once_and_nothing_leaks() -> None:
    before = painting()
    claims = [replace(claim(), seed=seed) for seed in range(200)]

    def sign(given: provenance.Claim) -> bytes:
        return provenance.sign(before, media_type="image/png", claim=given)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(sign, claims))  # what is made once is made now
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        files = list(pool.map(sign, claims))
    seeds = [recipe["seed"] for file in files if (recipe := said(file).recipe)]
    assert seeds == list(range(200))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most) * 1024 - sum(map(len, files))
    assert grown < 8 * 2**20
