"""Setup intents: a card is kept for later payments, authenticated now if its bank wants that; no money moves.

calls       the endpoints
setting_up  from a payment method to a card that is set up, or a refusal
"""
