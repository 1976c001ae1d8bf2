"""Taking pictures away from the public for good: out of the bucket, and out of the caches in front of it.

What is to go is written down in the transaction that hides the work (`note_withdrawals`), so that neither a crash nor
an object store that does not answer leaves a picture reachable: `finish_withdrawals` goes on with what is left.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta

import structlog
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from generation.models import Artwork, Withdrawal
from generation.services.files import discard_file
from marketplace.core import outgoing, storage
from marketplace.core.languages import kept
from marketplace.core.outbox import pause
from marketplace.core.storage import Bucket, StorageUnavailable

log = structlog.get_logger(__name__)
AT_ONCE = 200
ADDRESSES_A_CALL = 30  # what CDNs take in one call
SETTLED_BELOW = 300  # a cache answers 2xx where it has forgotten


def note_withdrawals(artwork: Artwork, keys: Iterable[str]) -> None:
    """Write down which public files of a work must go; in the transaction that takes them out of its rows."""
    Withdrawal.objects.bulk_create([Withdrawal(artwork=artwork, key=key) for key in keys])


def finish_withdrawals() -> int:
    """Delete what was withdrawn and have caches forget it; return how many addresses are dead now.

    What another work shows under the same address stays. What fails is due again after a pause.
    """
    due = Withdrawal.objects.filter(settled_at=None, due_at__lte=Now()).order_by("id")[:AT_ONCE]
    gone = [row for row in due if row.deleted_at or _delete(row)]
    for start in range(0, len(gone), ADDRESSES_A_CALL):
        _purge(gone[start : start + ADDRESSES_A_CALL])
    return len(gone)


def _delete(row: Withdrawal) -> bool:
    try:
        is_gone = discard_file(bucket=Bucket.PUBLIC, key=row.key)
    except StorageUnavailable as error:
        _put_off([row], str(error))
        return False
    if not is_gone:
        Withdrawal.objects.filter(pk=row.pk).update(
            settled_at=Now(), last_error=kept("It is shown again, or by another.")
        )
        return False
    Withdrawal.objects.filter(pk=row.pk).update(deleted_at=Now())
    return True


def _purge(rows: Sequence[Withdrawal]) -> None:
    """Tell every cache of these addresses: POST {"files": [address, …]}, as CDNs have it."""
    body = json.dumps({"files": [storage.public_url(row.key) for row in rows]}).encode()
    headers = {"Content-Type": "application/json"}
    if token := settings.ATELIER.cdn_purge_token.get_secret_value():
        headers["Authorization"] = f"Bearer {token}"
    for address in settings.ATELIER.cdn_purge_urls:
        try:
            status = outgoing.post(address, body, headers).status
        except (outgoing.AddressRefused, outgoing.NoAnswer) as error:
            _put_off(rows, f"{address}: {error}")
            return
        if status >= SETTLED_BELOW:
            _put_off(rows, f"{address} answered {status}.")
            return
    Withdrawal.objects.filter(pk__in=[row.pk for row in rows]).update(settled_at=Now(), last_error="")


def _put_off(rows: Iterable[Withdrawal], why: str) -> None:
    for row in rows:
        wait: timedelta = pause(row.tries + 1)
        Withdrawal.objects.filter(pk=row.pk).update(
            tries=row.tries + 1, due_at=timezone.now() + wait, last_error=why[:300]
        )
        log.warning("withdrawal.put_off", key=row.key, error=why)
