"""Invoices and credit notes: issued with the next number of their series, drawn once, kept.

saying     everything that is on one, frozen when it is issued
issuing    an invoice when something was paid and given, a credit note when money went back
drawing    the PDF
filing     drawn once, and put into the store under its hash
statement  what an artist's own books are made from
"""

from payments.services.invoicing.filing import draw_paper, paper_url
from payments.services.invoicing.issuing import issue_credit_note, issue_invoice
from payments.services.invoicing.statement import draw_statement

__all__ = ["draw_paper", "draw_statement", "issue_credit_note", "issue_invoice", "paper_url"]
