"""The gallery at ten thousand and at a million works."""
