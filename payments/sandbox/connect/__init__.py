"""Connect: the accounts of those whom the platform pays.

accounts           the endpoints of accounts and their capabilities
account_document   what an account looks like
requirements       what Stripe still wants to know, and what an account may do meanwhile
banks              external accounts, and the test numbers whose payouts fail
links              account links and login links
onboarding         what the hosted onboarding page asks, and what it does with the answers
transfers          money from the platform to an account
reversals          and back
"""
