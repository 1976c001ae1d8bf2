"""Verify what a collector was handed, without Atelier: needs Python 3.10 and `pip install cryptography`, no network.

    python verify.py                      in the folder that a bundle was unpacked into
    python verify.py FOLDER               such a folder
    python verify.py FOLDER KEYS          with the house's public keys as it publishes them
                                          (https://…/.well-known/atelier-certificates.json)

Checked are: every file's SHA-256 against the signed table of contents, and that nothing else lies beside them (but
this script's own cache, and KEYS); the signature of that table and of the
certificate (Ed25519 over RFC 8785's canonical JSON); that picture, recipe and licence are those that were certified;
and the picture's own C2PA manifest: the hash of its bytes, of its assertions, the signature over its claim, and who
answers for the signer. The exit status is 0 if all of that holds, and 1 if not.
"""

import json
import struct
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from hashlib import new, sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
except ImportError:
    sys.exit("NOT VERIFIED: this needs the package `cryptography`: pip install cryptography")

CHUNK = 1 << 20
# ECDSA and RSA-PSS by the numbers of COSE (RFC 9053).
HASHES: dict[int, type[Any]] = {
    -7: hashes.SHA256,
    -35: hashes.SHA384,
    -36: hashes.SHA512,
}
PSS: dict[int, type[Any]] = {-37: hashes.SHA256, -38: hashes.SHA384, -39: hashes.SHA512}


class Finding(NamedTuple):
    """One thing that was looked at, and whether it holds."""

    holds: bool
    words: str


class Broken(Exception):
    """A file is not what it has to be."""


def verify(folder: Path, keys_file: Path | None = None) -> list[Finding]:
    """Everything that can be said of a bundle. Raises Broken where something is missing or cannot be read."""
    contents, certificate = _json(folder / "contents.json"), _json(folder / "certificate.json")
    keys = _keys(_json(keys_file or folder / "keys.json"))
    said = certificate["certificate"]
    findings = [
        _signed("The table of contents", contents["contents"], contents, keys),
        _signed("The certificate", said, certificate, keys),
    ]
    listed = {one["name"]: one["sha256"] for one in contents["contents"]["files"]}
    findings += [_file(folder, name, digest) for name, digest in listed.items()]
    original = folder / contents["contents"]["original"]
    findings += _unlisted(folder, {*listed, "contents.json"}, keys_file)
    findings += _certified(folder, original, said)
    return findings + list(_manifest(original, (folder / "anchors.pem").read_bytes(), _json(folder / "recipe.json")))


def told(folder: Path) -> str:
    """One line of what is certified."""
    said = _json(folder / "certificate.json")["certificate"]
    work, edition = said["work"], said["edition"]
    number = f"{edition['number']} of {edition['of']}" if edition["of"] else f"{edition['number']}, open edition"
    return f"{work['title']} by {work['artist']}, {number}; owned by {said['owner']} on {said['issued_at'][:10]}"


# --- The house's own signatures ---


def _signed(what: str, document: Any, signed: Any, keys: dict[str, bytes]) -> Finding:
    name = document["key"]
    public = keys.get(name)
    if public is None or sha256(public).hexdigest()[:16] != name:
        return Finding(False, f"{what} names the key {name}, which is not among the keys")
    try:
        key = ed25519.Ed25519PublicKey.from_public_bytes(public)
        key.verify(b64decode(signed["signature"]), canonical(document))
    except InvalidSignature:
        return Finding(False, f"{what} was changed, or signed by somebody else")
    return Finding(True, f"{what} is signed with the key {name}")


def canonical(document: Any) -> bytes:
    """RFC 8785, as far as strings and whole numbers under ASCII names need it."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _file(folder: Path, name: str, digest: str) -> Finding:
    path = folder / name
    if path.name != name or not path.is_file():
        return Finding(False, f"{name} is missing")
    return Finding(_sha256(path) == digest, f"{name} is the file that was packed")


def _unlisted(folder: Path, known: set[str], keys_file: Path | None) -> Iterator[Finding]:
    """What lies in the folder, and nobody signed for."""
    for path in sorted(folder.iterdir()):
        is_keys = keys_file is not None and keys_file.exists() and path.samefile(keys_file)
        if path.name not in known and not is_keys and path.name != "__pycache__":
            yield Finding(False, f"{path.name} is not in the table of contents")


def _certified(folder: Path, original: Path, said: Any) -> Iterator[Finding]:
    yield Finding(original.is_file() and _sha256(original) == said["work"]["file_sha256"], "The picture is certified")
    yield Finding(_sha256(folder / "recipe.json") == said["recipe"]["sha256"], "The recipe is certified")
    yield Finding(_sha256(folder / "licence.txt") == said["licence"]["terms_sha256"], "The licence is certified")


# --- The picture's C2PA manifest (https://spec.c2pa.org, 2.x) ---


def _manifest(path: Path, anchors: bytes, recipe: Any) -> Iterator[Finding]:
    store = _store(path)
    if store is None:
        yield Finding(True, f"{path.name} carries no C2PA manifest: it is from before the house signed its works")
        return
    active = list(_boxes(store))[-1]  # the last manifest of the store is the one that speaks for the file
    parts = dict(_labelled(active))
    claim_box = _content(parts.get("c2pa.claim.v2") or parts["c2pa.claim"])
    claim, _ = cbor(claim_box)
    assertions = dict(_labelled(parts["c2pa.assertions"]))
    yield Finding(_hash_of_data(path, assertions), "C2PA: the file has the bytes that were signed")
    listed = claim.get("created_assertions", []) + claim.get("gathered_assertions", []) + claim.get("assertions", [])
    whole = all(sha256(assertions[one["url"].rpartition("/")[2]]).digest() == one["hash"] for one in listed) and len(
        listed
    ) >= len(assertions)
    yield Finding(whole, "C2PA: what the file says of itself is what was signed")
    yield from _claim_signature(_content(parts["c2pa.signature"]), claim_box, anchors)
    stated = json.loads(_content(assertions["org.atelier.recipe"]))
    same = all(stated[name] == recipe.get(name) for name in ("engine", "engine_version", "seed"))
    yield Finding(same, "C2PA: the file was made by this recipe")


def _store(path: Path) -> bytes | None:
    """The manifest store in a PNG (chunk caBX) or a WebP (chunk C2PA)."""
    with path.open("rb") as file:
        head = file.read(12)
        is_png, is_riff = head.startswith(b"\x89PNG\r\n\x1a\n"), head[:4] == b"RIFF"
        if not (is_png or is_riff):
            raise Broken(f"{path.name} is neither a PNG nor a WebP")
        file.seek(8 if is_png else 12)
        while len(start := file.read(8)) == 8:
            size, kind = struct.unpack(">I4s", start) if is_png else struct.unpack("<4sI", start)[::-1]
            if kind == (b"caBX" if is_png else b"C2PA"):
                return file.read(size)
            file.seek(size + 4 if is_png else size + size % 2, 1)
    return None


def _hash_of_data(path: Path, assertions: dict[str, bytes]) -> bool:
    bound, _ = cbor(_content(assertions["c2pa.hash.data"]))
    digest, at = new(bound.get("alg", "sha256")), 0
    gaps = sorted((one["start"], one["length"]) for one in bound.get("exclusions", []))
    with path.open("rb") as file:
        for start, length in [*gaps, (path.stat().st_size, 0)]:
            while at < start and (chunk := file.read(min(CHUNK, start - at))):
                digest.update(chunk)
                at += len(chunk)
            at = file.seek(start + length)
    return bool(digest.digest() == bound["hash"])


def _claim_signature(box: bytes, claim: bytes, anchors: bytes) -> Iterator[Finding]:
    """COSE_Sign1 over the claim (RFC 9052), by the first certificate of its chain."""
    (protected, unprotected, _, signature), _ = cbor(box)
    header, _ = cbor(protected)
    chain = header.get(33) or unprotected.get(33) or unprotected.get("x5chain")
    certificates = [x509.load_der_x509_certificate(one) for one in (chain if isinstance(chain, list) else [chain])]
    signed = b"\x84\x6aSignature1" + _bytes(protected) + _bytes(b"") + _bytes(claim)
    try:
        _check(certificates[0].public_key(), header[1], signature, signed)
    except InvalidSignature:
        yield Finding(False, "C2PA: the signature over the claim does not hold")
        return
    who = certificates[0].subject.rfc4514_string()
    yield Finding(True, f"C2PA: signed by {who}")
    yield Finding(_is_answered_for(certificates, anchors), "C2PA: an authority in anchors.pem answers for the signer")


def _check(key: Any, algorithm: int, signature: bytes, signed: bytes) -> None:
    if isinstance(key, ec.EllipticCurvePublicKey) and algorithm in HASHES:
        half = len(signature) // 2
        r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
        key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(HASHES[algorithm]()))
    elif isinstance(key, rsa.RSAPublicKey) and algorithm in PSS:
        kind = PSS[algorithm]()
        key.verify(signature, signed, padding.PSS(padding.MGF1(kind), kind.digest_size), kind)
    elif isinstance(key, ed25519.Ed25519PublicKey) and algorithm == -8:
        key.verify(signature, signed)
    else:
        raise InvalidSignature


def _is_answered_for(chain: list[x509.Certificate], anchors: bytes) -> bool:
    """Whether each certificate is signed by the next, and the last by an anchor, or is one itself."""
    trusted = x509.load_pem_x509_certificates(anchors)
    links = all(_issued(one, by) for one, by in pairwise(chain))
    return links and any(chain[-1] == anchor or _issued(chain[-1], anchor) for anchor in trusted)


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    with suppress(ValueError, TypeError, InvalidSignature):
        certificate.verify_directly_issued_by(issuer)
        return True
    return False


# --- Boxes (ISO 19566-5) and CBOR (RFC 8949), as far as manifests use them ---


def _boxes(data: bytes) -> Iterator[bytes]:
    """What lies in the superboxes inside a superbox's body."""
    at = 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        if size < 8 or at + size > len(data):
            raise Broken("The C2PA manifest is damaged")
        if kind == b"jumb":
            inner = data[at + 8 : at + size]
            yield from _boxes(inner) if at == 0 and size == len(data) else iter([inner])
        at += size


def _labelled(body: bytes) -> Iterator[tuple[str, bytes]]:
    for inner in _boxes(body):
        size = struct.unpack(">I", inner[:4])[0]
        yield inner[25:size].split(b"\0", 1)[0].decode(), inner


def _content(body: bytes) -> bytes:
    """The first content box of a superbox: what comes after its description."""
    described = struct.unpack(">I", body[:4])[0]
    size = struct.unpack(">I", body[described : described + 4])[0]
    return body[described + 8 : described + size]


def cbor(data: bytes, at: int = 0) -> tuple[Any, int]:
    """One value, and where the next begins. Tags are read over. Raises Broken."""
    try:
        major, small = data[at] >> 5, data[at] & 31
        width = {24: 1, 25: 2, 26: 4, 27: 8}.get(small, 0)
        number, at = (int.from_bytes(data[at + 1 : at + 1 + width], "big") if width else small), at + 1 + width
    except IndexError as error:
        raise Broken("The C2PA manifest is damaged") from error
    if major in {0, 1}:
        return (number if major == 0 else -1 - number), at
    if major in {2, 3}:
        text = data[at : at + number]
        return (text if major == 2 else text.decode()), at + number
    if major == 6:
        return cbor(data, at)
    if major == 7:
        simple = {20: False, 21: True, 22: None, 23: None}
        return simple.get(small, number), at
    values = []
    for _ in range(number * (2 if major == 5 else 1)):
        value, at = cbor(data, at)
        values.append(value)
    return (dict(zip(values[::2], values[1::2], strict=True)) if major == 5 else values), at


def _bytes(data: bytes) -> bytes:
    """A CBOR byte string."""
    size = len(data)
    head = bytes([0x40 | size]) if size < 24 else b"\x5a" + struct.pack(">I", size)
    if 24 <= size < 1 << 16:
        head = b"\x58" + bytes([size]) if size < 256 else b"\x59" + struct.pack(">H", size)
    return head + data


# --- Files ---


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Broken(f"{path.name} cannot be read") from error


def _keys(published: Any) -> dict[str, bytes]:
    return {one["id"]: b64decode(one["public"]) for one in published["keys"]}


def _sha256(path: Path) -> str:
    digest = sha256()
    with suppress(OSError), path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def main(folder: str = "", keys_file: str = "") -> int:
    place = Path(folder or Path(__file__).parent)
    try:
        findings, work = verify(place, Path(keys_file) if keys_file else None), told(place)
    except (Broken, OSError, KeyError, IndexError, TypeError, ValueError, struct.error) as error:
        print(f"NOT VERIFIED: {error or type(error).__name__}")  # noqa: T201
        return 1
    for finding in findings:
        print(f"{'holds ' if finding.holds else 'FAILED'}  {finding.words}")  # noqa: T201
    if not all(finding.holds for finding in findings):
        print("NOT VERIFIED")  # noqa: T201
        return 1
    print(f"VERIFIED: {work}")  # noqa: T201
    if not keys_file:
        print("The keys came with the bundle: compare their ids with those that the house publishes.")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
