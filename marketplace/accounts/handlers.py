"""What accounts hear after a commit: somebody was told something, and wants it by e-mail."""

from uuid import UUID

from marketplace.accounts import services
from marketplace.core.outbox import subscribe


@subscribe("notification.made")
def on_notification_made(notification_id: str) -> None:
    services.email_notification(notification_id=UUID(notification_id))
