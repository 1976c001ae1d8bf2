"""What webhooks say of cards that people keep: the card is fetched anew."""

from typing import Any

from payments import gateway
from payments.models import WebhookEvent
from payments.services.saved_cards import apply_card


def hear_of_card(row: WebhookEvent) -> str | None:
    """What came of an event about a kept card; None where it is about something else."""
    thing: dict[str, Any] = row.payload.get("data", {}).get("object", {})
    match thing.get("object"):
        case "setup_intent":
            card = gateway.retrieve_setup(thing["id"]).card if row.type == "setup_intent.succeeded" else None
        case "payment_method":
            card = gateway.retrieve_card(thing["id"])
        case _:
            return None
    return "" if card is not None and apply_card(card) else "not about a card of ours"
