"""Draws the library of described styles anew: see `draw.py`."""
