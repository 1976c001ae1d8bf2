"""The page of an invoice or a credit note, from what is said on it alone."""

from datetime import date
from typing import Any

from marketplace.core.paper import Sheet
from payments.models import Paper
from payments.services.invoicing.saying import lines_of, money

HALF, GAP = 80, 6  # millimetres: a column of two, and between them
WIDE, NARROW = 126, 40  # what was sold, and its amount


def draw(paper: Paper) -> bytes:
    """The PDF."""
    said = paper.said
    house = said["house"]
    foot = " · ".join(part for part in (house["name"], *house["lines"], house["tax_id"], house["url"]) if part)
    title = f"{paper.get_kind_display()} {paper.name}"
    sheet = Sheet(title=title, author=house["name"], text=lines_of(said), moment=paper.issued_at, foot=foot)
    _head(sheet, paper, said)
    _parties(sheet, said)
    _what(sheet, said)
    _how_paid(sheet, paper, said)
    return sheet.done()


def _head(sheet: Sheet, paper: Paper, said: dict[str, Any]) -> None:
    sheet.write_line(said["house"]["name"], 22, height=11)
    sheet.rule(2, 14)
    sheet.kicker(paper.get_kind_display())
    sheet.write_line(paper.name, 20, height=10)
    sheet.ln(1)
    dated = f"Issued {_day(paper.issued_at.date())}"
    if paper.kind == Paper.Kind.INVOICE:
        dated += f", paid {_day(date.fromisoformat(said['paid_at']))}. This is your receipt too."
    else:
        dated += f", for invoice {said['corrects']} of {_day(date.fromisoformat(said['corrects_date']))}."
    sheet.muted_line(dated, 10)
    sheet.ln(9)


def _parties(sheet: Sheet, said: dict[str, Any]) -> None:
    house, buyer = said["house"], said["buyer"]
    seller = [house["name"], *house["lines"], *([f"Tax id {house['tax_id']}"] if house["tax_id"] else [])]
    if said["seller"]:
        seller.append(f"on behalf of {said['seller']}")
    to = [buyer["name"], *buyer["lines"], *([f"VAT id {buyer['vat_id']}"] if buyer["vat_id"] else []), buyer["email"]]
    top = sheet.get_y()
    ends = (
        sheet.block("Sold by", seller, x=sheet.l_margin, y=top, width=HALF),
        sheet.block("To", to, x=sheet.l_margin + HALF + GAP, y=top, width=HALF),
    )
    sheet.set_xy(sheet.l_margin, max(ends))
    sheet.ln(10)


def _what(sheet: Sheet, said: dict[str, Any]) -> None:
    is_credit = "corrects" in said
    sheet.row(["Credited" if is_credit else "What", "Amount"], [WIDE, NARROW], ["L", "R"], size=8, soft=True)
    sheet.rule(0, 3)
    top = sheet.get_y()
    end = sheet.block("", [said["title"], *([said["detail"]] if said["detail"] else [])], x=sheet.l_margin, y=top - 5,
                      width=WIDE - GAP)  # fmt: skip
    sheet.set_xy(sheet.l_margin + WIDE, top)
    sheet.row([str(money(said, "net"))], [NARROW], ["R"], size=10.5)
    sheet.set_y(max(end, sheet.get_y()))
    if is_credit and said["reason"]:
        sheet.ln(1)
        sheet.muted_line(said["reason"])
    sheet.rule(3, 2)
    if said["tax_label"]:
        sheet.row(["Without tax", str(money(said, "net"))], [WIDE, NARROW], ["R", "R"], soft=True)
        sheet.row([said["tax_label"], str(money(said, "tax"))], [WIDE, NARROW], ["R", "R"], soft=True)
    sheet.ln(1)
    total = "Goes back to you" if is_credit else "Paid"
    sheet.row([total, str(money(said, "total"))], [WIDE, NARROW], ["R", "R"], bold=True, size=14, height=9)


def _how_paid(sheet: Sheet, paper: Paper, said: dict[str, Any]) -> None:
    sheet.ln(8)
    way = said["paid_with"] or "the payment provider"
    if paper.kind == Paper.Kind.INVOICE:
        sheet.muted_line(f"Paid with {way} on {_day(date.fromisoformat(said['paid_at']))}. Nothing is left to be paid.")
    else:
        sheet.muted_line(f"It goes back the way it came: {way}.")
    sheet.muted_line(f"Reference {said['reference']}")


def _day(moment: date) -> str:
    return f"{moment.day} {moment:%B %Y}"
