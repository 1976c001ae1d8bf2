"""Trouble: answers that are lost after the deed, 500s, processes that die, news late, twice, in no order or never."""

from typing import Any

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from marketplace.core.models import OutboxEvent
from tests.commerce.world import World, deaths

PATHS = (
    "/v1/payment_intents", "/v1/payment_intents/*/confirm", "/v1/payment_intents/*/cancel", "/v1/refunds",
    "/v1/transfers", "/v1/transfers/*/reversals", "/v1/accounts",
)  # fmt: skip
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "drop", "stage": "before", "times": 2},  # the SDK itself asks twice
    {"kind": "drop", "stage": "after", "times": 2},
    {"kind": "error", "stage": "during"},
    {"kind": "error", "stage": "after"},
    {"kind": "rate_limit", "times": 2},
)
shares = st.sampled_from([30, 60, 100, 100])


class Faults(World):
    """What the network and the machines do; and the house's own post, which nobody is sure to get once."""

    @rule(path=st.sampled_from(PATHS), fault=st.sampled_from(FAULTS))
    def trouble_comes(self, path: str, fault: dict[str, Any]) -> None:
        self.provider.fault(method="POST", path=path, **fault)
        self.counts["faults"] += 1

    @rule(statements=st.integers(1, 60))
    def the_next_process_dies(self, statements: int) -> None:
        self.dies_after = statements

    @rule(share=shares, shuffled=st.booleans(), dies=deaths)
    def the_outbox_is_told(self, share: int, shuffled: bool, dies: int | None) -> None:
        self.dies_after = dies
        self.tell(share=share, shuffled=shuffled)

    @rule(share=shares)
    def it_is_told_again(self, share: int) -> None:
        """What was told before is told once more, in no order, as after a crash before it was marked."""
        done = OutboxEvent.objects.filter(actor="").exclude(done_at=None)
        again = list(done.order_by("-pk").values_list("pk", flat=True)[: 20 * share // 100])
        OutboxEvent.objects.filter(pk__in=again).update(done_at=None, due_at=timezone.now())
        self.counts["events replayed"] += len(again)
        self.tell(shuffled=True)

    @rule(copies=st.integers(1, 2), shuffled=st.booleans(), share=shares, dies=deaths)
    def news_arrive(self, copies: int, shuffled: bool, share: int, dies: int | None) -> None:
        self.dies_after = dies
        self.hear(copies=copies, shuffled=shuffled, share=share)
        self.tell(shuffled=shuffled)

    @rule()
    def all_post_arrives(self) -> None:
        """As on most days: what the provider and the house have to tell is told, and what is due is done."""
        self.hear()
        self.tell()
        self.run_chores()

    @rule()
    def news_are_lost(self) -> None:
        self.counts["webhooks lost"] += self.news.lose()

    @rule(dies=deaths)
    def chores_are_done(self, dies: int | None) -> None:
        self.dies_after = dies
        self.run_chores()

    def hear(self, *, copies: int = 1, shuffled: bool = False, share: int = 100) -> None:
        """Some letters arrive, perhaps twice; the others stay on their way."""
        letters = list(self.news.fetch())
        if shuffled:
            self.chance.shuffle(letters)
        arriving = letters[: max(1, len(letters) * share // 100)]
        self.news.letters = [one for one in letters if one not in arriving]
        for _ in range(copies):
            for event in arriving:
                self.do("webhooks", self.news.hand_in, event)
