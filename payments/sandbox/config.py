"""What one sandbox is told when it starts."""

from dataclasses import dataclass
from pathlib import Path

# The API version that our SDK speaks; events carry it.
API_VERSION = "2026-08-26.dahlia"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Where the sandbox keeps its data, which keys it accepts and where it sends its webhooks."""

    data: Path
    api_key: str
    publishable_key: str
    """The key that browsers use, together with a client secret."""
    webhook_secret: str
    webhook_url: str | None = None
    public_url: str = "http://127.0.0.1:12111"
    retry_seconds: float = 1.0
    """Pause before the first repeat of a failed webhook; it doubles up to a minute."""
