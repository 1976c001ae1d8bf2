"""What time does by itself: authorisations lapse, balances become available, payouts arrive, keys are forgotten."""

from collections.abc import Callable

from payments.sandbox import balance, payout_schedule, payouts, refunds
from payments.sandbox.config import Config
from payments.sandbox.connect import requirements
from payments.sandbox.disputes import deciding
from payments.sandbox.idempotency import forget_old
from payments.sandbox.intents.settling import lapse
from payments.sandbox.session import Session
from payments.sandbox.store import Document, Store

# What is done to an object of this kind when its deadline comes; a chore's name tells one object's several apart.
_WORK: dict[tuple[str, str], Callable[[Session, Document], None]] = {
    ("payment_intent", ""): lapse,
    ("balance_transaction", ""): balance.settle,
    ("dispute", ""): deciding.progress,
    ("payout", ""): payouts.progress,
    ("refund", ""): refunds.progress,
    ("account", payout_schedule.CHORE): payouts.pay_out_automatically,
    ("account", requirements.CHORE): requirements.finish_verification,
}


def ring(store: Store, config: Config) -> None:
    """Do everything whose time has come, in one transaction."""
    with store.writing() as tx:
        session = Session(tx=tx, config=config, now=tx.now())
        forget_old(tx, session.now)
        while due := tx.due(session.now):  # what is done may bring the next thing due
            for name in due:
                _do(session, name)


def advance(store: Store, config: Config, seconds: int) -> int:
    """Move the clock on, do what falls due, and return the new time."""
    with store.writing() as tx:
        offset = int(tx.switch("clock_offset", "0")) + seconds
        tx.set_switch("clock_offset", str(offset))
        now = tx.now()
    ring(store, config)
    return now


def _do(session: Session, name: str) -> None:
    identifier, _, chore = name.partition("/")
    found = session.tx.locate(identifier)
    if found is None:  # the object is gone, as a deleted account is
        session.tx.set_deadline(name, None)
        return
    account, document = found
    with session.tx.acting_for(account):
        _WORK[document["object"], chore](session, document)
