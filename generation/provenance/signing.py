"""Signing: the one door through which a file leaves with its manifest.

A context of c2pa holds the parsed certificate, the key and the settings; it is made once and used by all threads.
Thumbnails and a second reading after signing are left out: they take twenty times as long as the signature itself.
"""

import io
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import c2pa
from django.conf import settings

from generation.errors import TimestampUnavailable, UnsignableFile
from generation.provenance.certificates import Credentials, signing_credentials
from generation.provenance.claims import ACTIONS, GENERATOR, RECIPE, VERSION, Claim, Ingredient

__all__ = ["MEDIA_TYPES", "Claim", "Ingredient", "sign", "sign_file"]

# What can carry a manifest, by the ending that a work's file has.
MEDIA_TYPES: Mapping[str, str] = {
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
}

_SETTINGS: Mapping[str, Any] = {
    "version": 1,
    "verify": {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False},
    "builder": {
        "claim_generator_info": {"name": GENERATOR, "version": VERSION},
        # We state these ourselves; what is not named here would count as gathered from elsewhere.
        "created_assertion_labels": [ACTIONS, RECIPE, "c2pa.ingredient"],
        "generate_c2pa_archive": False,
        "thumbnail": {"enabled": False},
        "actions": {f"auto_{name}_action": {"enabled": False} for name in ("created", "opened", "placed")},
    },
}


def sign(data: bytes, *, media_type: str, claim: Claim) -> bytes:
    """The same file with a signed manifest in it; its pixels stay as they are.

    Raises UnsignableFile, CertificateUnusable, TimestampUnavailable.
    """
    signed = io.BytesIO()
    _sign(io.BytesIO(data), signed, media_type, claim)
    return signed.getvalue()


def sign_file(file: Path, into: Path, *, media_type: str, claim: Claim) -> None:
    """Write the same file with a signed manifest in it beside it; raises as `sign`."""
    with file.open("rb") as source, into.open("w+b") as signed:
        _sign(source, signed, media_type, claim)


def _sign(source: BinaryIO, signed: BinaryIO, media_type: str, claim: Claim) -> None:
    if media_type not in MEDIA_TYPES.values():
        raise UnsignableFile(f"Files of the type {media_type} cannot be signed.")
    timestamps = settings.ATELIER.c2pa_timestamp_url
    context = _context(os.getpid(), signing_credentials(), timestamps)
    try:
        with c2pa.Builder(claim.definition(media_type), context=context) as builder:
            builder.sign(media_type, source, signed)
    except c2pa.C2paError.Signature as error:
        # The signature itself is a few sums on this machine; the authority is the one part that can be away.
        if timestamps:
            raise TimestampUnavailable(f"The time-stamp authority did not answer: {error}") from error
        raise UnsignableFile(f"The file could not be signed: {error}") from error
    except c2pa.C2paError as error:
        raise UnsignableFile(f"The file could not be signed: {error}") from error


@lru_cache(maxsize=2)
def _context(process: int, credentials: Credentials, timestamps: str) -> c2pa.Context:
    """What signs, for one process: c2pa's handles do not survive a fork."""
    signer = c2pa.Signer.from_info(
        c2pa.C2paSignerInfo(
            credentials.algorithm.encode(),
            credentials.chain.encode(),
            credentials.key.encode(),
            timestamps.encode() or None,
        )
    )
    return c2pa.Context.from_dict(dict(_SETTINGS), signer=signer)
