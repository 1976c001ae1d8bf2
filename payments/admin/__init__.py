"""Payments in the administration: what is read, and the few things that are done there.

books      payments, calls, webhooks, accounts and entries
taxes      taxes and papers, to be read
returns    refunds, and disputes with the evidence that is given in them
payees     accounts, shares, transfers, reversals and payouts
"""

from payments.admin import books, payees, returns, taxes

__all__ = ["books", "payees", "returns", "taxes"]
