"""The case file of a commission by brief: all that was said, offered, made and paid, for staff who decide."""

import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from generation.models import ArtworkFile, FileRole, Upload
from marketplace.accounts.models import User
from marketplace.commissions.models import Brief
from marketplace.commissions.selectors.briefs import brief_for, dispute_of
from marketplace.core import storage
from marketplace.core.errors import PermissionRefused
from marketplace.core.storage import Bucket

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def case_file(staff: User, brief_id: UUID) -> bytes:
    """A ZIP file: `case.json`, every candidate's original, and every picture that was brought.

    Raises PermissionRefused, NotFound, StorageUnavailable.
    """
    if not staff.is_staff:
        raise PermissionRefused(gettext("Case files are for staff."))
    brief = brief_for(staff, brief_id)
    pictures = dict([*_made(brief), *_brought(brief)])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("case.json", json.dumps(case_of(brief), indent=2, default=str))
        for name, key in pictures.items():
            archive.writestr(name, storage.get(Bucket.PRIVATE, key))
    return packed.getvalue()


def case_of(brief: Brief) -> dict[str, Any]:
    """What `case.json` says."""
    dispute = dispute_of(brief)
    return {
        "brief": {
            "id": brief.pk, "title": brief.title, "text": brief.text, "state": brief.state, "licence": brief.licence_id,
            "collector": brief.collector.name, "artist": brief.artist.name, "asked_at": brief.created_at,
            "budget": [brief.budget_least, brief.budget_most, brief.currency], "consents": brief.consents,
            "references": [_file(upload) for upload in brief.references.all()],
        },
        "quotes": [
            {
                "by": quote.author.name, "state": quote.state, "price": quote.price_amount, "days": quote.days,
                "deposit_bps": quote.deposit_bps, "revisions": quote.revisions, "note": quote.note,
                "candidates": quote.candidates, "minutes": quote.minutes, "at": quote.created_at,
            }
            for quote in brief.quotes.all()
        ],
        "messages": [
            {
                "by": message.author.name, "text": message.text, "at": message.created_at,
                "attachments": [_file(upload) for upload in message.attachments.all()],
            }
            for message in brief.messages.all()
        ],
        "candidates": [
            {
                "number": one.number, "file": f"candidates/{one.number}.png", "shown_at": one.shown_at,
                "note": one.note, "at": one.created_at, "state": one.job.state,
                "recipe": one.artwork.recipe if one.artwork else None,
            }
            for one in brief.candidates.all()
        ],
        "revisions": [
            {"number": one.number, "text": one.text, "asked_at": one.asked_at, "paid_extra": one.is_paid_extra}
            for one in brief.revisions.all()
        ],
        "paid": [
            {
                "kind": one.kind, "amount": one.payment.amount, "state": one.payment.state,
                "captured_at": one.payment.captured_at, "refunded_bps": one.refunded_bps,
            }
            for one in brief.instalments.all()
        ],
        "dispute": dispute and {
            "opened_by": dispute.opened_by.name, "at": dispute.created_at, "before": dispute.state_before,
            "decision": dispute.decision, "refund_bps": dispute.refund_bps, "delivered": dispute.is_delivered,
            "evidence": [
                {
                    "by": one.author.name, "text": one.text, "at": one.created_at,
                    "pictures": [_file(upload) for upload in one.uploads.all()],
                }
                for one in dispute.evidence.all()
            ],
        },
    }  # fmt: skip


def _made(brief: Brief) -> Iterable[tuple[str, str]]:
    """Every candidate's original, by its name in the file."""
    originals = ArtworkFile.objects.filter(role=FileRole.ORIGINAL, artwork__job__candidate__brief=brief)
    for number, key, kind in originals.values_list("artwork__job__candidate__number", "key", "format"):
        yield f"candidates/{number}.{kind}", key


def _brought(brief: Brief) -> Iterable[tuple[str, str]]:
    """Every picture that a side brought and that nobody holds back."""
    found = list(brief.references.all())
    for message in brief.messages.all():
        found += message.attachments.all()
    if dispute := dispute_of(brief):
        for evidence in dispute.evidence.all():
            found += evidence.uploads.all()
    for upload in found:
        if upload.state == Upload.State.READY:
            yield _file(upload), upload.key


def _file(upload: Upload) -> str:
    return f"pictures/{upload.pk}.{EXTENSIONS.get(upload.media_type, 'bin')}"
