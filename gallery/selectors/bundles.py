"""What a bundle holds besides the picture: texts that are the same whenever they are written."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from gallery.selectors.provenance import model_card
from generation import selectors as generation
from generation.models import Artwork, ArtworkFile
from generation.provenance.certificates import trust_anchors
from marketplace.core.canonical import canonical
from marketplace.core.errors import NotFound
from marketplace.orders import selectors as orders
from marketplace.orders.models import Certificate, Ownership

FORMAT = "atelier-bundle-1"
VERIFIER = "gallery/verify.py"


@dataclass(frozen=True)
class Bundled:
    """One owner's edition, its certificate, and the work's original."""

    owned: Ownership
    certificate: Certificate
    artwork: Artwork
    original: ArtworkFile

    @property
    def original_name(self) -> str:
        return f"original.{self.original.format}"


def bundled(certificate: Certificate) -> Bundled:
    """What is to be packed for the present owner of an edition. Raises NotFound where nobody owns it any more."""
    owned = Ownership.objects.select_related("licence", "edition__release__artist").filter(
        edition=certificate.edition_id
    )
    held, artwork = owned.first(), certificate.edition.artwork
    if held is None or artwork is None or artwork.original is None:
        raise NotFound(gettext("There is nothing to pack."))
    return Bundled(held, certificate, artwork, artwork.original)


def texts_of(bundle: Bundled, language: str) -> dict[str, bytes]:
    """The bundle's texts by their names; README and names of things in one of the house's languages.

    Raises ObjectMissing, StorageUnavailable, CertificateUnusable.
    """
    with translation.override(language):
        readme = render_to_string("gallery/bundle/readme.txt", {"bundle": bundle, "house": settings.ATELIER})
    return dict(_texts(bundle)) | {"README.txt": readme.encode()}


def contents_of(bundle: Bundled, hashes: dict[str, str], key: str) -> dict[str, Any]:
    """The table of contents that is signed: every file by its name and SHA-256."""
    files = [{"name": name, "sha256": hashes[name]} for name in sorted(hashes)]
    return {
        "format": FORMAT,
        "house": settings.ATELIER.public_url,
        "certificate": str(bundle.certificate.pk),
        "original": bundle.original_name,
        "files": files,
        "key": key,
    }


def _texts(bundle: Bundled) -> Iterator[tuple[str, bytes]]:
    artwork = bundle.artwork
    yield "recipe.json", canonical(artwork.public_recipe)  # the very bytes whose hash is certified
    yield "licence.txt", bundle.owned.licence.terms.encode()
    yield "anchors.pem", trust_anchors().encode()
    yield "keys.json", readable({"keys": [{"id": key.pk, "public": key.public} for key in orders.signing_keys()]})
    manifest = generation.manifest_of(artwork)
    yield "manifest.json", readable(asdict(manifest) if manifest else None)
    if card := model_card(artwork, None):
        yield "model.json", readable(asdict(card))
    yield "verify.py", Path(str(finders.find(VERIFIER))).read_bytes()


def readable(data: Any) -> bytes:
    """JSON for people's eyes; the same data gives the same bytes."""
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True, default=dict).encode()
