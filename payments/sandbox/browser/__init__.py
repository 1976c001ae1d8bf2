"""The browser's side: a stand-in for Stripe.js, the card form it frames, and the bank's authentication page.

Card numbers are typed into a frame of the sandbox's own origin and sent to the sandbox alone; the product's page sees
a payment method's identifier, as with Stripe.
"""
