"""A certificate's PDF: drawn once, when somebody first asks for it, and kept under its hash."""

from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext

from generation.models import Artwork, FileRole
from marketplace.core import storage
from marketplace.core.languages import speaking
from marketplace.core.storage import Bucket, ObjectMissing
from marketplace.orders.errors import CertificateSuperseded
from marketplace.orders.models import Certificate, Ownership
from marketplace.orders.services.certificate_paper import draw

FOLDER = "certificates"
WIDE_ENOUGH = 1600  # pixels across the page: about 250 to the inch


def certificate_url(*, certificate: Certificate) -> str:
    """Where the PDF of a valid certificate can be fetched for a few minutes; raises as `certificate_key`."""
    return storage.presigned_get(certificate_key(certificate=certificate))


def certificate_key(*, certificate: Certificate) -> str:
    """Under which key of the private bucket the PDF of a valid certificate lies; drawn now if it never was.

    Raises CertificateSuperseded, also while the work is held back; StorageUnavailable.
    """
    artwork = certificate.edition.artwork
    if certificate.superseded_at is not None or artwork is None or artwork.is_held:
        raise CertificateSuperseded(gettext("This certificate holds no longer; the edition's owner has a newer one."))
    digest = certificate.file_sha256 or _drawn(certificate, artwork)
    return storage.content_key(FOLDER, digest, "pdf")


def _drawn(certificate: Certificate, artwork: Artwork) -> str:
    owned = Ownership.objects.select_related("owner").filter(edition=certificate.edition_id).first()
    with speaking(owned.owner.language if owned else ""):
        data = draw(certificate, _picture(artwork))
    digest = sha256(data).hexdigest()
    key = storage.content_key(FOLDER, digest, "pdf")
    disposition = f'attachment; filename="certificate-{certificate.pk}.pdf"'
    storage.put(Bucket.PRIVATE, key, data, media_type="application/pdf", disposition=disposition)
    undrawn = Certificate.objects.filter(pk=certificate.pk, file_sha256="")
    if not undrawn.update(file_sha256=digest, updated_at=timezone.now()):
        certificate.refresh_from_db(fields=["file_sha256"])
        if certificate.file_sha256 != digest:
            storage.delete(Bucket.PRIVATE, key)  # somebody else drew it at the same moment
        return certificate.file_sha256
    return digest


def _picture(artwork: Artwork) -> bytes | None:
    """The picture as it is shown, or a film's poster; none where there is nothing to see."""
    files = [one for one in artwork.files.all() if one.role == FileRole.PREVIEW and one.format == "webp"]
    files.sort(key=lambda one: one.width)
    chosen = next((one for one in files if one.width >= WIDE_ENOUGH), files[-1] if files else None)
    try:
        return storage.get(Bucket(chosen.bucket), chosen.key) if chosen else None
    except ObjectMissing:
        return None
