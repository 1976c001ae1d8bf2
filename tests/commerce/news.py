"""What the provider tells: read at its own list of events, and handed in signed, as its webhooks are."""

import hashlib
import hmac
import json
import time
from typing import Any

from django.conf import settings

from payments import services
from payments.models import PayoutAccount
from tests.payments.provider import Provider

Event = dict[str, Any]


class News:
    """The letters of the house's own account and of every payee's, in the order in which they were written."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.letters: list[Event] = []
        self.heard: list[Event] = []
        self._last: dict[str, str] = {}

    def fetch(self) -> list[Event]:
        """What has come since, with what is still on its way."""
        payees = PayoutAccount.objects.filter(stripe_id__isnull=False).values_list("stripe_id", flat=True)
        for account in ["", *map(str, payees)]:
            self._fetch(account)
        return self.letters

    def lose(self) -> int:
        """Everything on its way is lost."""
        lost = len(self.fetch())
        self.letters = []
        return lost

    def hand_in(self, event: Event) -> None:
        """As the provider sends it."""
        body, moment = json.dumps(event), int(time.time())
        key = settings.ATELIER.stripe_webhook_secret.get_secret_value().encode()
        signature = hmac.new(key, f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
        services.receive_webhook(body=body.encode(), signature=f"t={moment},v1={signature}")

    def _fetch(self, account: str) -> None:
        headers = {"Stripe-Account": account} if account else {}
        while True:
            query: dict[str, Any] = {"limit": 100}
            if account in self._last:
                query["ending_before"] = self._last[account]
            page = self.provider.http.get("/v1/events", params=query, headers=headers).json()["data"]
            if not page:
                return
            self._last[account] = page[0]["id"]
            self.letters += reversed(page)
            if len(page) < 100 or "ending_before" not in query:
                return
