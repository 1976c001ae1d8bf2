"""The lines of calculations and transactions, in pages."""

from payments.sandbox.parameters import text, whole
from payments.sandbox.problems import ParameterProblem
from payments.sandbox.session import Call
from payments.sandbox.store import Document

_PAGE = {"limit": whole(minimum=1, maximum=100), "starting_after": text, "ending_before": text}


def of_calculation(call: Call) -> Document:
    """``GET /v1/tax/calculations/{calculation}/line_items``."""
    sent = call.read(_PAGE)
    calculation = call.tx.get("tax.calculation", call.ids["calculation"])
    return _page(calculation, f"/v1/tax/calculations/{calculation['id']}/line_items", sent)


def of_transaction(call: Call) -> Document:
    """``GET /v1/tax/transactions/{transaction}/line_items``."""
    sent = call.read(_PAGE)
    transaction = call.tx.get("tax.transaction", call.ids["transaction"])
    return _page(transaction, f"/v1/tax/transactions/{transaction['id']}/line_items", sent)


def _page(document: Document, url: str, sent: Document) -> Document:
    lines, limit = document["_lines"], sent.get("limit", 10)
    names = [line["id"] for line in lines]
    for cursor in ("starting_after", "ending_before"):
        if sent.get(cursor) and sent[cursor] not in names:
            raise ParameterProblem(f"No such line item: '{sent[cursor]}'", param=cursor)
    if sent.get("ending_before"):
        end = names.index(sent["ending_before"])
        start = max(0, end - limit)
        return {"object": "list", "url": url, "has_more": start > 0, "data": lines[start:end]}
    start = names.index(sent["starting_after"]) + 1 if sent.get("starting_after") else 0
    return {"object": "list", "url": url, "has_more": start + limit < len(lines), "data": lines[start : start + limit]}
