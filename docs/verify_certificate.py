"""Verify a certificate of authenticity without Atelier: needs Python and `cryptography`, and no network.

    python verify_certificate.py certificate.json atelier-certificates.json [the picture's file]

The first file is the certificate as downloaded, the second the house's public keys
(https://…/.well-known/atelier-certificates.json); with a third, its bytes must be those that were certified.
"""

import json
import sys
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def verify(certificate_file: str, keys_file: str, picture_file: str = "") -> str:
    told, keys = json.loads(Path(certificate_file).read_bytes()), json.loads(Path(keys_file).read_bytes())
    said = told["certificate"]
    public = next((key["public"] for key in keys["keys"] if key["id"] == said["key"]), None)
    if public is None:
        return f"NOT VERIFIED: the house has no key {said['key']}"
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
    return f"VERIFIED: {work['title']} by {work['artist']}, {number}, owned by {said['owner']} on {said['issued_at']}"


if __name__ == "__main__":
    result = verify(*sys.argv[1:4])
    print(result)  # noqa: T201
    sys.exit(0 if result.startswith("VERIFIED") else 1)
