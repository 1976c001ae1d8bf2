"""A paper's file: drawn once, kept under its hash where only who paid, and the house, is let in."""

from hashlib import sha256
from uuid import UUID

from django.utils import timezone

from marketplace.core import storage
from marketplace.core.languages import speaking
from marketplace.core.storage import Bucket
from payments.models import Paper
from payments.services.invoicing.drawing import draw

FOLDER = "papers"


def draw_paper(*, paper_id: UUID) -> Paper:
    """Draw a paper and keep it; one that is there stays as it is. Raises StorageUnavailable."""
    paper = Paper.objects.select_related("payment", "person").get(pk=paper_id)
    if paper.sha256:
        return paper
    with speaking(paper.person.language):
        data = draw(paper)
    digest = sha256(data).hexdigest()
    key = storage.content_key(FOLDER, digest, "pdf")
    disposition = f'attachment; filename="{paper.name}.pdf"'
    storage.put(Bucket.PRIVATE, key, data, media_type="application/pdf", disposition=disposition)
    if not Paper.objects.filter(pk=paper.pk, sha256="").update(sha256=digest, updated_at=timezone.now()):
        paper.refresh_from_db(fields=["sha256"])
        if paper.sha256 != digest:
            storage.delete(Bucket.PRIVATE, key)  # somebody else drew it at the same moment
        return paper
    paper.sha256 = digest
    return paper


def paper_url(*, paper: Paper) -> str:
    """Where its file can be fetched for a few minutes; drawn now if it is not there yet. Raises StorageUnavailable."""
    drawn = draw_paper(paper_id=paper.pk)
    return storage.presigned_get(storage.content_key(FOLDER, drawn.sha256, "pdf"))
