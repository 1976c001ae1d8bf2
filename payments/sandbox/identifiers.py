"""Identifiers as Stripe writes them: a prefix that names the kind, and letters nobody can guess."""

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """A fresh identifier such as ``pi_3n5K…``."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"
