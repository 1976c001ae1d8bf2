"""Who pays, as the provider's customers, and the cards that they keep there."""

from dataclasses import dataclass
from typing import Any

from payments.gateway.client import api, faults, under


@dataclass(frozen=True, slots=True)
class CustomerSnapshot:
    """A customer at the provider."""

    id: str
    status: str = "kept"


@dataclass(frozen=True, slots=True)
class CardSnapshot:
    """A card as it is at the provider now; `customer_id` is empty where nobody keeps it any more."""

    id: str
    customer_id: str
    brand: str
    last4: str
    expires: str

    @property
    def status(self) -> str:
        return "kept" if self.customer_id else "forgotten"


@dataclass(frozen=True, slots=True)
class SetupSnapshot:
    """A card being kept: its owner gives it, and authenticates if their bank asks for it, in the browser."""

    id: str
    status: str
    client_secret: str
    customer_id: str
    card: CardSnapshot | None


def create_customer(*, key: str, email: str, name: str, user_id: str) -> CustomerSnapshot:
    """Make a person known as somebody who pays."""
    params: Any = {"email": email, "name": name, "metadata": {"user": user_id}}
    with faults():
        made = api().v1.customers.create(params, under(key))  # type: ignore[arg-type]  # plain options
    return CustomerSnapshot(made.id)


def begin_setup(*, key: str, customer: str) -> SetupSnapshot:
    """Begin to keep a card for payments at which its owner may not be there."""
    params: Any = {"customer": customer, "usage": "off_session", "payment_method_types": ["card"]}
    with faults():
        return _setup(api().v1.setup_intents.create(params, under(key)))  # type: ignore[arg-type]  # plain options


def retrieve_setup(stripe_id: str) -> SetupSnapshot:
    """How far that is. Raises GatewayRefused where there is no such thing."""
    with faults():
        return _setup(api().v1.setup_intents.retrieve(stripe_id, {"expand": ["payment_method"]}))


def retrieve_card(stripe_id: str) -> CardSnapshot:
    """The card as it is now."""
    with faults():
        return _card(api().v1.payment_methods.retrieve(stripe_id).to_dict())


def forget_card(*, key: str, card: str) -> CardSnapshot:
    """Have the provider forget a card for good."""
    with faults():
        return _card(api().v1.payment_methods.detach(card, {}, under(key)).to_dict())  # type: ignore[arg-type]  # plain options


def _setup(setup: Any) -> SetupSnapshot:
    seen: dict[str, Any] = setup.to_dict()
    method = seen.get("payment_method")
    return SetupSnapshot(
        id=seen["id"],
        status=seen["status"],
        client_secret=seen.get("client_secret") or "",
        customer_id=seen.get("customer") or "",
        card=_card(method) if isinstance(method, dict) and method.get("card") else None,
    )


def _card(method: dict[str, Any]) -> CardSnapshot:
    card = method.get("card") or {}
    return CardSnapshot(
        id=method["id"],
        customer_id=method.get("customer") or "",
        brand=card.get("brand") or "",
        last4=card.get("last4") or "",
        expires=f"{card['exp_year']:04}-{card['exp_month']:02}" if card.get("exp_year") else "",
    )
