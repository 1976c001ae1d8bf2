"""Verify a certificate of authenticity without Atelier: needs Python and `cryptography`, and no network.

    python verify_certificate.py certificate.json atelier-certificates.json [the picture's file]
    python verify_certificate.py certificate.pdf  atelier-certificates.json [the picture's file]
    python verify_certificate.py certificate.pdf

The first file is the certificate as downloaded; of a PDF, what is attached to it counts, and never what is drawn on its
page. The second is the house's public keys (https://…/.well-known/atelier-certificates.json); without it the key is
taken from the PDF itself, and its id has to be compared with the house's by other means. With a third, its bytes must
be those that were certified.
"""

import json
import re
import sys
import zlib
from base64 import b64decode
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def verify(certificate_file: str, keys_file: str = "", picture_file: str = "") -> str:
    told = _read(Path(certificate_file).read_bytes())
    if told is None:
        return "NOT VERIFIED: there is no certificate in this file, or more than one"
    said = told["certificate"]
    public = _key(said["key"], keys_file) if keys_file else told.get("public")
    if public is None:
        return f"NOT VERIFIED: the house has no key {said['key']}"
    if sha256(b64decode(public)).hexdigest()[:16] != said["key"]:
        return "NOT VERIFIED: the key is not the one that the certificate names"
    # RFC 8785; strings and whole numbers under ASCII names are all that a certificate has.
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    try:
        Ed25519PublicKey.from_public_bytes(b64decode(public)).verify(b64decode(told["signature"]), text)
    except InvalidSignature:
        return "NOT VERIFIED: the certificate was changed, or signed by somebody else"
    if picture_file and sha256(Path(picture_file).read_bytes()).hexdigest() != said["work"]["file_sha256"]:
        return "NOT VERIFIED: the certificate is genuine, but this is another file"
    work, edition = said["work"], said["edition"]
    number = f"{edition['number']} of {edition['of']}" if edition["of"] else f"{edition['number']}, open edition"
    verdict = f"{work['title']} by {work['artist']}, {number}, owned by {said['owner']} on {said['issued_at']}"
    return f"VERIFIED: {verdict}" if keys_file else f"VERIFIED, if {said['key']} is the house's key: {verdict}"


def _read(data: bytes) -> Any:
    """What a JSON file says, or the one certificate that is attached to a PDF."""
    if not data.startswith(b"%PDF"):
        return json.loads(data)
    found = [told for stream in STREAM.findall(data) if (told := _attached(stream)) is not None]
    return found[0] if len(found) == 1 else None


def _attached(stream: bytes) -> Any:
    """A certificate, if that is what this part of a PDF holds."""
    with suppress(zlib.error):  # where it is not packed
        stream = zlib.decompress(stream)
    try:
        told = json.loads(stream)
    except ValueError:
        return None
    return told if isinstance(told, dict) and {"certificate", "signature"} <= told.keys() else None


def _key(name: str, keys_file: str) -> Any:
    keys = json.loads(Path(keys_file).read_bytes())["keys"]
    return next((key["public"] for key in keys if key["id"] == name), None)


if __name__ == "__main__":
    result = verify(*sys.argv[1:4])
    print(result)  # noqa: T201
    sys.exit(0 if result.startswith("VERIFIED") else 1)
