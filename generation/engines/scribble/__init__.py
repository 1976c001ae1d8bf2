"""Scribbles: what a hand draws is recognised, cleaned, and made a picture of."""
