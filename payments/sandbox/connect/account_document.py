"""What a connected account looks like."""

from typing import Any

from payments.sandbox.currencies import OF_COUNTRY
from payments.sandbox.documents import merged, public
from payments.sandbox.identifiers import new_id
from payments.sandbox.session import Session
from payments.sandbox.store import Document

REQUIREMENTS: Document = {
    "alternatives": [],
    "current_deadline": None,
    "currently_due": [],
    "disabled_reason": None,
    "errors": [],
    "eventually_due": [],
    "past_due": [],
    "pending_verification": [],
}
# The controller that each of the older account types stands for.
_CONTROLLERS = {
    "express": ("application", "application", "stripe", "express"),
    "custom": ("application", "application", "application", "none"),
    "standard": ("account", "stripe", "stripe", "full"),
}

# Of these the API says only whether they are known.
_SECRETS = {"individual": ("id_number", "ssn_last_4"), "company": ("tax_id",)}


def controller_of(sent: dict[str, Any]) -> tuple[str, Document]:
    """An account's type and controller, from whichever of the two was named."""
    if "controller" not in sent:
        kind = sent.get("type", "standard")
        fees, losses, collection, dashboard = _CONTROLLERS[kind]
    else:
        given = sent["controller"]
        fees = given.get("fees", {}).get("payer", "account")
        losses = given.get("losses", {}).get("payments", "stripe")
        collection = given.get("requirement_collection", "stripe")
        dashboard = given.get("stripe_dashboard", {}).get("type", "full")
        kinds = {chosen: kind for kind, chosen in _CONTROLLERS.items()}
        kind = kinds.get((fees, losses, collection, dashboard), "none")
    return kind, {
        "fees": {"payer": fees},
        "is_controller": True,
        "losses": {"payments": losses},
        "requirement_collection": collection,
        "stripe_dashboard": {"type": dashboard},
        "type": "application",
    }


def new_account(sent: dict[str, Any], now: int) -> Document:
    """An account of which nothing is known but what was sent."""
    country = sent.get("country", "US")
    kind, controller = controller_of(sent)
    document: Document = {
        "id": new_id("acct", 16),
        "object": "account",
        "business_profile": dict.fromkeys(
            ("annual_revenue", "estimated_worker_count", "mcc", "minority_owned_business_designation", "name",
             "product_description", "support_address", "support_email", "support_phone", "support_url", "url")
        ),
        "business_type": None,
        "capabilities": {},
        "charges_enabled": False,
        "controller": controller,
        "country": country,
        "created": now,
        "default_currency": sent.get("default_currency", OF_COUNTRY[country]),
        "details_submitted": False,
        "email": None,
        "future_requirements": REQUIREMENTS,
        "metadata": sent.get("metadata", {}),
        "payouts_enabled": False,
        "requirements": REQUIREMENTS,
        "settings": _settings(),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": kind,
        "_requested": {},
        "_onboarded": False,
    }  # fmt: skip
    known = ("business_profile", "business_type", "email", "individual", "company", "tos_acceptance", "settings")
    return merged(document, {name: sent[name] for name in known if name in sent})


def show(session: Session, account: Document) -> Document:
    """The account as the API shows it, with its external accounts."""
    banks = banks_of(session, account["id"])
    shown = public(account) | {
        "external_accounts": {
            "object": "list",
            "data": [public(bank) for bank in banks],
            "has_more": False,
            "url": f"/v1/accounts/{account['id']}/external_accounts",
        }
    }
    if account["controller"]["requirement_collection"] == "stripe":
        # What people told Stripe is between them and Stripe.
        shown.pop("individual", None)
        shown.pop("company", None)
    for part, secrets in _SECRETS.items():
        if shown.get(part):
            known = dict(shown[part])
            told = {f"{name}_provided": known.pop(name, None) is not None for name in secrets}
            shown[part] = known | told
    return shown


def banks_of(session: Session, account: str) -> list[Document]:
    """An account's external accounts, newest first."""
    with session.tx.acting_for(""):
        return session.tx.select("bank_account", filters={"account": [account]}, created={}, limit=100)


def _settings() -> Document:
    return {
        "bacs_debit_payments": {"display_name": None, "service_user_number": None},
        "branding": dict.fromkeys(("icon", "logo", "primary_color", "secondary_color")),
        "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
        "card_payments": {
            "decline_on": {"avs_failure": False, "cvc_failure": False},
            **dict.fromkeys(f"statement_descriptor_prefix{suffix}" for suffix in ("", "_kana", "_kanji")),
        },
        "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
        "invoices": {"default_account_tax_ids": None, "hosted_payment_method_save": "offer"},
        "payments": dict.fromkeys(
            ("statement_descriptor", "statement_descriptor_kana", "statement_descriptor_kanji",
             "statement_descriptor_prefix_kana", "statement_descriptor_prefix_kanji")
        ),
        "payouts": {
            "debit_negative_balances": True,
            "schedule": {"delay_days": 2, "interval": "daily"},
            "statement_descriptor": None,
        },
        "sepa_debit_payments": {},
    }  # fmt: skip
