"""Showing documents: without the sandbox's own members, with what the caller asked to expand, in pages."""

from typing import Any

from payments.sandbox.parameters import Raw, Shape, array, moment, text, whole
from payments.sandbox.problems import ParameterProblem
from payments.sandbox.session import Call
from payments.sandbox.store import Document, Transaction

# Members whose value is another object's identifier.
_LINKS = {
    "balance_transaction", "charge", "customer", "destination", "destination_payment", "destination_payment_refund",
    "failure_balance_transaction", "latest_charge", "payment_intent", "payment_method", "setup_intent",
    "source", "source_refund", "source_transaction", "source_transfer", "source_transfer_reversal", "transfer",
    "transfer_reversal",
}  # fmt: skip
_PAGE: Shape = {
    "limit": whole(minimum=1, maximum=100),
    "starting_after": text,
    "ending_before": text,
    "created": moment,
}


def public(document: Document) -> Document:
    """The document as the API shows it: members whose name starts with an underscore are the sandbox's own."""
    return {name: value for name, value in document.items() if not name.startswith("_")}


def take_expansions(raw: Raw) -> list[str]:
    """Remove `expand` from the parameters and return its paths."""
    if "expand" not in raw:
        return []
    return [str(path) for path in array(text)(raw.pop("expand"), "expand")]


def expand(tx: Transaction, answer: Document, paths: list[str]) -> Document:
    """Replace the identifiers at `paths` (``latest_charge.balance_transaction``, ``data.customer``) by objects."""
    for path in paths:
        _expand(tx, answer, path.split("."), path)
    return answer


def _expand(tx: Transaction, node: Document, steps: list[str], path: str) -> None:
    step, rest = steps[0], steps[1:]
    if step == "data" and node.get("object") == "list":
        for entry in node["data"]:
            if rest:
                _expand(tx, entry, rest, path)
        return
    value: Any = node.get(step)
    if isinstance(value, str) and step in _LINKS:
        found = tx.locate(value)
        value = node[step] = public(found[1]) if found else value
    elif step not in node or not (value is None or isinstance(value, dict)):
        raise ParameterProblem(f"This property cannot be expanded ({path}).", param="expand")
    if rest and isinstance(value, dict):
        _expand(tx, value, rest, path)


def merged(current: Document, sent: Document) -> Document:
    """A document's members after an update: nested ones are merged, None and '' unset."""
    result = dict(current)
    for name, value in sent.items():
        inside = current.get(name)
        result[name] = merged(inside, value) if isinstance(inside, dict) and isinstance(value, dict) else value or None
        if isinstance(value, bool | int):
            result[name] = value
    return result


def page(
    call: Call, kind: str, url: str, *, filters: Shape | None = None, within: dict[str, str] | None = None
) -> Document:
    """One page of a list, newest first, with Stripe's cursors and filters; `within` is what the path narrows it to."""
    filters = filters or {}
    assert call.spec is not None
    sent = call.read({**{name: reader for name, reader in _PAGE.items() if name in call.spec.shape}, **filters})
    after, before, limit = sent.get("starting_after"), sent.get("ending_before"), sent.get("limit", 10)
    if after and before:
        raise ParameterProblem("You can only use one of starting_after and ending_before.", param="ending_before")
    wanted = {
        name: value if isinstance(value, list) else [value]
        for name, value in sent.items()
        if name in filters and value is not None
    }
    wanted |= {name: [value] for name, value in (within or {}).items()}
    found = call.tx.select(
        kind,
        filters=wanted,
        created=sent.get("created", {}),
        after=after,
        before=before,
        limit=limit + 1,
    )
    more, found = len(found) > limit, found[:limit]
    if before:
        found.reverse()
    return {"object": "list", "url": url, "has_more": more, "data": [public(document) for document in found]}
