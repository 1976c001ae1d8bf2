"""Autoencoders: pictures become a few numbers, and those become the pictures again; in between, one can walk."""
