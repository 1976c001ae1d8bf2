"""Reading: what a file says of itself, whether it was touched since, and whether we trust who signed it."""

import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO

import c2pa

from generation.provenance.certificates import trust_anchors
from generation.provenance.claims import RECIPE, SOURCE_TYPES, Ingredient

UNTRUSTED = "signingCredential.untrusted"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A file's active manifest, and what came of checking it."""

    is_valid: bool  # the signature holds, and the file is the one that was signed
    is_trusted: bool  # and it was made by a certificate that our anchors answer for
    problems: tuple[str, ...]  # C2PA's codes of what is wrong, such as assertion.dataHash.mismatch
    title: str
    signed_by: str
    issuer: str
    signed_at: str  # by a time-stamp authority's clock; "" where none was asked
    generator: str
    source_type: str  # IPTC's word, such as trainedAlgorithmicMedia; "" where it does not say
    software: str
    recipe: Mapping[str, Any] | None  # Atelier's own assertion
    ingredients: tuple[Ingredient, ...]

    @property
    def is_ai_generated(self) -> bool:
        """Did a trained network make it, wholly or in part?"""
        return "trainedalgorithmic" in self.source_type.lower()


def read(file: bytes | BinaryIO, media_type: str) -> Manifest | None:
    """What the file says of itself; None where it carries no manifest that can be made out. Raises CertificateUnusable.

    A manifest that was damaged is reported as invalid, with what is wrong.
    """
    context = _context(os.getpid(), trust_anchors())
    try:
        with c2pa.Reader(media_type, io.BytesIO(file) if isinstance(file, bytes) else file, context=context) as reader:
            report, state = json.loads(reader.crjson()), reader.get_validation_state()
            active = json.loads(reader.json()).get("active_manifest")
    except c2pa.C2paError.ManifestNotFound:
        return None
    except c2pa.C2paError as error:
        return _damaged(error)
    found = next((manifest for manifest in report["manifests"] if manifest["label"] == active), None)
    return _manifest(found, state or "") if found else None


def _manifest(found: Mapping[str, Any], state: str) -> Manifest:
    claim: Mapping[str, Any] = found.get("claim.v2") or found.get("claim") or {}
    assertions: Mapping[str, Any] = found.get("assertions", {})
    signature: Mapping[str, Any] = found.get("signature", {})
    certificate: Mapping[str, Any] = signature.get("certificateInfo", {})
    failures = [failure["code"] for failure in found.get("validationResults", {}).get("failure", [])]
    created = _first_action(assertions)
    return Manifest(
        is_valid=state in {"Valid", "Trusted"},
        is_trusted=state == "Trusted",
        problems=tuple(dict.fromkeys(code for code in failures if code != UNTRUSTED)),
        title=claim.get("dc:title", ""),
        signed_by=certificate.get("subject", {}).get("CN", ""),
        issuer=certificate.get("subject", {}).get("O", ""),
        signed_at=signature.get("timeStampInfo", {}).get("timestamp", ""),
        generator=_name(claim.get("claim_generator_info")),
        source_type=created.get("digitalSourceType", "").removeprefix(SOURCE_TYPES),
        software=_name(created.get("softwareAgent")),
        recipe=assertions.get(RECIPE),
        ingredients=tuple(
            Ingredient(name=data.get("dc:title", ""), sha256=data.get("instanceID", "").removeprefix("sha256:"))
            for label, data in assertions.items()
            if label.startswith("c2pa.ingredient")
        ),
    )


def _first_action(assertions: Mapping[str, Any]) -> Mapping[str, Any]:
    for label, data in assertions.items():
        if label.startswith("c2pa.actions") and data.get("actions"):
            first: Mapping[str, Any] = data["actions"][0]
            return first
    return {}


def _name(agent: Any) -> str:
    """A claim generator or software agent, which the standard allows as a text or as a name with a version."""
    if isinstance(agent, list):
        agent = agent[0] if agent else {}
    if isinstance(agent, str):
        return agent
    return " ".join(str(part) for part in ((agent or {}).get("name"), (agent or {}).get("version")) if part)


def _damaged(error: c2pa.C2paError) -> Manifest:
    return Manifest(
        is_valid=False, is_trusted=False, problems=(str(error),), title="", signed_by="", issuer="", signed_at="",
        generator="", source_type="", software="", recipe=None, ingredients=(),
    )  # fmt: skip


@lru_cache(maxsize=2)
def _context(process: int, anchors: str) -> c2pa.Context:
    """What checks, for one process. Nothing is fetched: a file that is read must not choose whom we call."""
    trust = {"trust": {"trust_anchors": anchors}} if anchors else {}
    return c2pa.Context.from_dict(
        {"version": 1, "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}, **trust}
    )
