"""Payments in the administration: what is read, and the two things that are done there.

books      payments, calls, webhooks, accounts and entries
taxes      taxes and papers, to be read
returns    refunds, and disputes with the evidence that is given in them
"""

from payments.admin import books, returns, taxes

__all__ = ["books", "returns", "taxes"]
