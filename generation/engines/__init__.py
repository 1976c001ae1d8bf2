"""Engines make things: plain torch, no Django. Start reading at `base.py`; what exists is listed in `registry.py`."""
