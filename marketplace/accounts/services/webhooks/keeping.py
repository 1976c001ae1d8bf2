"""What becomes of deliveries in time: given up after three days, forgotten after a month."""

from datetime import timedelta

from django.utils import timezone

from marketplace.accounts.models import DeliveryState, WebhookDelivery

KEPT_FOR = timedelta(days=30)


def give_up_what_is_overdue() -> int:
    """Give up what could not be delivered in its time, as behind a paused endpoint; returns how many."""
    now = timezone.now()
    overdue = WebhookDelivery.objects.filter(state=DeliveryState.PENDING, give_up_at__lt=now)
    return overdue.update(state=DeliveryState.FAILED, done_at=now)


def forget_old_deliveries() -> int:
    """Delete what was delivered or given up a month ago; returns how many."""
    old = WebhookDelivery.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    _, deleted = old.exclude(state=DeliveryState.PENDING).delete()
    return deleted.get(WebhookDelivery._meta.label, 0)
