"""A file that was touched after it was signed is found out, and strangers' signatures are not taken for ours."""

import io
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from PIL import Image

from generation import provenance
from tests.generation.conftest import encoded
from tests.generation.provenance.conftest import FORMATS, Issued, claim, configure, painting

pytestmark = pytest.mark.usefixtures("data_dir")


def signed(media_type: str = "image/png") -> bytes:
    return provenance.sign(painting(media_type), media_type=media_type, claim=claim())


@pytest.mark.parametrize("media_type", FORMATS)
def test_one_changed_bit_is_found_out(media_type: str) -> None:
    before = painting(media_type)
    file = bytearray(provenance.sign(before, media_type=media_type, claim=claim()))
    middle = len(before) // 2
    file[file.index(before[middle : middle + 32])] ^= 1
    manifest = provenance.read(bytes(file), media_type)
    assert manifest is not None
    assert (manifest.is_valid, manifest.is_trusted) == (False, False)
    assert any(code.endswith("Hash.mismatch") for code in manifest.problems)


def test_a_changed_word_in_the_manifest_is_found_out() -> None:
    file = signed().replace(b'"engine_version":"3"', b'"engine_version":"4"')
    manifest = provenance.read(file, "image/png")
    assert manifest is not None
    assert not manifest.is_valid
    assert "assertion.hashedURI.mismatch" in manifest.problems


def test_a_picture_painted_over_and_given_the_old_manifest_is_found_out() -> None:
    file = signed()
    start, end = (file.index(b"caBX") - 4, file.index(b"IDAT") - 4)
    other = encoded(Image.new("RGB", (160, 120), "red"))
    forged = other[:33] + file[start:end] + other[33:]
    manifest = provenance.read(forged, "image/png")
    assert manifest is not None
    assert not manifest.is_valid


def test_a_manifest_that_was_cut_through_is_reported_as_damaged() -> None:
    file = signed()
    where = file.index(b"c2pa.claim")
    manifest = provenance.read(file[:where] + b"\0" * 10 + file[where + 10 :], "image/png")
    assert manifest is None or not manifest.is_valid


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_file_without_a_manifest_says_nothing(media_type: str) -> None:
    assert provenance.read(painting(media_type), media_type) is None


def test_saving_the_picture_anew_loses_the_signature_and_never_keeps_a_false_one() -> None:
    again = encoded(Image.open(io.BytesIO(signed())))
    assert provenance.read(again, "image/png") is None


def test_bytes_that_are_no_file_are_reported_as_damaged() -> None:
    manifest = provenance.read(b"no picture at all", "image/png")
    assert manifest is None or not manifest.is_valid


def test_a_strangers_signature_holds_and_is_not_trusted(sign_as: Callable[..., Issued], settings: LazySettings) -> None:
    issued = sign_as(name="Somebody Else")
    file = signed()
    configure(settings, c2pa_certificate="", c2pa_private_key="")
    manifest = provenance.read(file, "image/png")
    assert manifest is not None
    assert (manifest.signed_by, manifest.is_valid, manifest.is_trusted) == ("Somebody Else", True, False)
    assert manifest.problems == ()

    configure(settings, c2pa_trust_anchors=str(issued.authority))
    manifest = provenance.read(file, "image/png")
    assert manifest is not None
    assert manifest.is_trusted
