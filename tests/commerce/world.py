"""A small town: two artists, three collectors and a curator; and how everything that happens there is done and told."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db.models import Model, QuerySet
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from marketplace.accounts import services as accounts
from marketplace.accounts.models import CURATORS, Artist, User
from marketplace.commissions import tasks as commissions
from marketplace.commissions.services import briefs
from marketplace.core import outbox
from marketplace.core.errors import AtelierError
from marketplace.core.models import OutboxEvent
from marketplace.listings import services as listings
from marketplace.listings import tasks as listing_chores
from marketplace.orders import tasks as order_chores
from payments import tasks as payment_chores
from tests.commerce.fate import Killed, dying_after
from tests.commerce.hours import forget_everything, let_pass
from tests.commerce.news import News
from tests.payments.provider import Provider

Result = TypeVar("Result")
Row = TypeVar("Row", bound=Model)
picks = st.integers(0, 99)
artists, people = st.integers(0, 1), st.integers(0, 4)  # everybody may buy and earn; the first two make things
deaths = st.one_of(st.none(), st.integers(1, 60))  # after so many statements a process dies, or it does not
CHORES: tuple[Callable[[], None], ...] = (
    order_chores.lapse_reservations, order_chores.close_auctions, order_chores.settle_dutch_auctions,
    order_chores.lapse_gifts, listing_chores.close_what_is_over, listing_chores.tell_of_drops,
    listing_chores.lapse_old_offers, commissions.keep_deadlines_of_briefs, commissions.remind_of_deadlines,
    payment_chores.look_at_stale_payments, payment_chores.look_at_stale_refunds, payment_chores.look_at_open_disputes,
    payment_chores.look_for_fees, payment_chores.send_what_is_due, payment_chores.carry_on_with_transfers,
    payment_chores.look_at_payout_accounts, payment_chores.look_at_own_payouts,
)  # fmt: skip


class Unforeseen(AssertionError):
    """A handler or a chore failed with what nobody foresaw; it would fail for ever, and keep others from their turn."""


class World(RuleBasedStateMachine):
    """What the rules stand on. Everything is found anew in the database: who died remembers nothing."""

    counts: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        forget_everything()
        cache.clear()
        self.provider = Provider()
        self.provider.reset()
        self.provider.http.post("/_sandbox/webhooks", json={"paused": True}).raise_for_status()
        self.news = News(self.provider)
        self.dies_after: int | None = None
        self.never_onboard: set[int] = set()
        self.chance = random.Random(0)
        self.people_come()

    def people_come(self) -> None:
        listings.offer_licences()
        self.people = [
            User.objects.create_user(email=f"person{number}@town.test", display_name=f"Person {number}")
            for number in range(5)
        ]
        self.artists: list[Artist] = [
            accounts.become_artist(user=user, name=f"Artist {number}", bio="")
            for number, user in enumerate(self.people[:2])
        ]
        for artist in self.artists:
            briefs.set_terms(
                artist_user=artist.user, is_open=True, queue_limit=3, min_price_amount=100, licences=["personal"]
            )
        self.staff = User.objects.create_user("staff@town.test", is_staff=True, is_superuser=True)
        self.staff.groups.add(Group.objects.get(name=CURATORS))
        self.counts["worlds"] += 1

    def do(self, what: str, act: Callable[..., Result], /, *args: Any, **given: Any) -> Result | None:
        """Have it done by a process that may die; what the house refuses it says, and nothing has changed."""
        doom, self.dies_after = self.dies_after, None
        try:
            with dying_after(doom):
                result = act(*args, **given)
        except Killed:
            self.counts["crashes"] += 1
        except AtelierError as error:
            self.counts["refused: " + error.code] += 1
        else:
            self.counts[what] += 1
            return result
        return None

    def one_of(self, rows: QuerySet[Row], which: int) -> Row | None:
        """One of some rows, the oldest first; None where there is none."""
        keys = list(rows.order_by("created_at", "pk").values_list("pk", flat=True))
        return rows.model._default_manager.get(pk=keys[which % len(keys)]) if keys else None

    def tell(self, *, share: int = 100, shuffled: bool = False) -> int:
        """Tell a share (percent) of what waits in the outbox, in its order or in none; how much there was to tell."""
        OutboxEvent.objects.filter(done_at=None).exclude(actor="").update(done_at=timezone.now())  # nobody paints here
        waiting = list(OutboxEvent.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True))
        if shuffled:
            self.chance.shuffle(waiting)
        for pk in waiting[: max(1, len(waiting) * share // 100)]:
            self.do("events told", outbox.deliver, [pk])
            failed = OutboxEvent.objects.filter(pk=pk, done_at=None).exclude(last_error="").first()
            if failed is not None and not is_transient(failed.last_error):
                raise Unforeseen(f"{failed.topic} {failed.subject_id}: {failed.last_error}")
        return len(waiting)

    def run_chores(self) -> None:
        """Everything that is due by time."""
        for chore in CHORES:
            doom, self.dies_after = self.dies_after, None
            try:
                with dying_after(doom):
                    chore()
            except Killed:
                self.counts["crashes"] += 1
            except AtelierError as error:
                if not error.transient:
                    raise Unforeseen(f"{chore.__name__}: {error}") from error
        self.counts["chores"] += 1

    def let_pass(self, seconds: int) -> None:
        """Time passes for everybody."""
        let_pass(seconds)
        self.provider.advance(seconds)

    def teardown(self) -> None:
        self.provider.http.close()


def is_transient(last_error: str) -> bool:
    """Whether a handler failed with what passes."""
    return last_error.partition(":")[0] in {"GatewayUnavailable", "GatewayBroken"}
