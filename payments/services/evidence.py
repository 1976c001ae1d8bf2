"""Answering a bank: evidence is kept with us until somebody hands it in, which a handler does after the commit."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core import outbox
from marketplace.core.errors import InvalidInput
from payments import gateway
from payments.errors import DisputeClosed, GatewayRefused, KeyRefused
from payments.models import Dispute
from payments.services.calling import call_provider
from payments.services.disputing import apply_dispute

LONGEST = 150_000
"""Characters of all texts together, as the provider allows."""
TEXTS = (
    "product_description", "customer_name", "customer_email_address", "customer_purchase_ip", "access_activity_log",
    "service_date", "cancellation_rebuttal", "refund_policy_disclosure", "refund_refusal_explanation",
    "duplicate_charge_id", "duplicate_charge_explanation", "uncategorized_text",
)  # fmt: skip
"""What may be said in evidence, as the provider calls it."""


@transaction.atomic
def keep_evidence(*, dispute_id: UUID, texts: Mapping[str, str], by: User, hand_in: bool) -> Dispute:
    """Keep what is to be said to the bank; with `hand_in` it is sent after the commit, and cannot be taken back.

    Raises DisputeClosed; InvalidInput for what the provider does not take, or with nothing to hand in.
    """
    dispute = Dispute.objects.select_for_update(of=("self",), no_key=True).get(pk=dispute_id)
    if dispute.closed_at is not None:
        raise DisputeClosed(gettext("The bank has decided already."))
    if unknown := sorted(set(texts) - set(TEXTS)):
        raise InvalidInput(gettext("There is no such evidence."), errors={name: ["Unknown."] for name in unknown})
    said = {name: text.strip() for name, text in {**dispute.evidence, **texts}.items() if text.strip()}
    if sum(map(len, said.values())) > LONGEST:
        raise InvalidInput(gettext("All evidence together has at most %(longest)s characters.") % {"longest": LONGEST})
    if hand_in and not said:
        raise InvalidInput(gettext("There is nothing to hand in."))
    dispute.evidence = said
    if hand_in:
        dispute.asked_at, dispute.asked_by, dispute.failure = timezone.now(), by, ""
        outbox.emit("evidence.asked", dispute.pk)
    dispute.save()
    return dispute


def perform_evidence(*, dispute_id: UUID) -> None:
    """Hand the evidence in; what the provider refuses is kept with its reason.

    Raises GatewayUnavailable and KeyRefused, so that it is tried again.
    """
    dispute = Dispute.objects.select_related("payment").get(pk=dispute_id)
    asked_at = dispute.asked_at
    if asked_at is None or dispute.closed_at is not None:
        return
    this_one = Dispute.objects.filter(pk=dispute.pk, asked_at=asked_at)
    try:
        seen = call_provider(
            dispute, "evidence", gateway.hand_in_evidence, dispute_id=dispute.stripe_id, evidence=dispute.evidence
        )
    except KeyRefused:
        raise
    except GatewayRefused as error:
        this_one.update(asked_at=None, failure=error.detail[:200])
        return
    this_one.update(submitted_at=timezone.now(), asked_at=None)
    apply_dispute(dispute.payment_id, seen)
