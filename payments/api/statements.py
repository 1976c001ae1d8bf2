"""A payee's statement as a file."""

import csv
from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext

from marketplace.accounts.models import User
from payments import selectors, services
from payments.services.invoicing.statement import WHAT


def as_csv(payee: User, *, since: date, until: date) -> HttpResponse:
    """One line a movement of the payee's balance with the house, oldest first within its currency."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="earnings-{since:%Y-%m-%d}-{until:%Y-%m-%d}.csv"'
    answer["Cache-Control"] = "no-store"
    rows = csv.writer(answer)
    rows.writerow(
        [
            gettext("date (UTC)"), gettext("what"), gettext("for"), gettext("currency"), gettext("amount"),
            gettext("balance with the house"),
        ]
    )  # fmt: skip
    for line in selectors.statement(payee, since=since, until=until):
        rows.writerow(
            [
                f"{line.at:%Y-%m-%d %H:%M:%S}", WHAT.get(line.kind, line.kind), line.reference,
                line.amount.currency.upper(), line.amount.decimal, line.balance.decimal,
            ]
        )  # fmt: skip
    return answer


def as_pdf(payee: User, *, since: date, until: date) -> HttpResponse:
    """The same on paper."""
    answer = HttpResponse(
        services.draw_statement(payee=payee, since=since, until=until), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'attachment; filename="earnings-{since:%Y-%m-%d}-{until:%Y-%m-%d}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer
