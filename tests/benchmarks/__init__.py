"""Measurements against what a user would otherwise pick; each prints one JSON object a line."""
