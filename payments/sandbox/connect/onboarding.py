"""Hosted onboarding: what the page asks a person, and what it does with the answers."""

from copy import deepcopy
from datetime import date
from typing import Any

from payments.sandbox.connect import banks
from payments.sandbox.connect.requirements import refresh
from payments.sandbox.currencies import OF_COUNTRY
from payments.sandbox.documents import merged
from payments.sandbox.problems import InvalidRequest, ParameterProblem
from payments.sandbox.session import Session
from payments.sandbox.store import Document

REQUIRED = ("first_name", "last_name", "born", "line1", "postal_code", "city", "account_number")


def prefilled(account: Document) -> dict[str, str]:
    """What is known already, by the names of the page's fields."""
    person, address = account.get("individual") or {}, (account.get("individual") or {}).get("address") or {}
    known = {name: person.get(name) for name in ("first_name", "last_name")}
    known |= {name: address.get(name) for name in ("line1", "postal_code", "city")}
    return {name: value or "" for name, value in known.items()}


def submit(session: Session, account: Document, answers: dict[str, str], *, browser: str, ip: str) -> None:
    """Take a person's answers. Raises InvalidRequest, saying which is missing or wrong, and then nothing is kept."""
    for name in REQUIRED:
        if not answers.get(name, "").strip():
            raise InvalidRequest("Please fill in every field.", param=name)
    told = _told(answers) | {
        "business_type": "individual",
        "tos_acceptance": {"date": session.now, "ip": ip, "user_agent": browser[:200]},
        "_onboarded": True,
    }
    after = merged(deepcopy(account), told)
    banks.add(session, account["id"], _bank(account, answers), default=True)
    refresh(session, after, before=account)


def _told(answers: dict[str, str]) -> dict[str, Any]:
    try:
        born = date.fromisoformat(answers["born"])
    except ValueError:
        raise InvalidRequest("Please write the date of birth as year-month-day.", param="born") from None
    person: dict[str, Any] = {
        "first_name": answers["first_name"].strip(),
        "last_name": answers["last_name"].strip(),
        "dob": {"day": born.day, "month": born.month, "year": born.year},
        "address": {name: answers[name].strip() for name in ("line1", "postal_code", "city")},
    }
    if answers.get("id_number"):
        person["id_number"] = answers["id_number"].strip()
    return {"individual": person}


def _bank(account: Document, answers: dict[str, str]) -> dict[str, str]:
    number = answers["account_number"].replace(" ", "").upper()
    country = number[:2] if number[:2].isalpha() else account["country"]
    if country not in OF_COUNTRY:
        raise ParameterProblem("The bank account's country is not supported.", param="account_number")
    return {
        "country": country,
        "currency": OF_COUNTRY[country],
        "account_number": number,
        "account_holder_name": f"{answers['first_name']} {answers['last_name']}".strip(),
        "routing_number": answers.get("routing_number", "").replace("-", "").strip(),
    }
