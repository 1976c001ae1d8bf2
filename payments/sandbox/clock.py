"""What time does by itself: authorisations lapse, balances become available, idempotency keys are forgotten."""

from payments.sandbox import balance
from payments.sandbox.config import Config
from payments.sandbox.idempotency import forget_old
from payments.sandbox.intents.settling import lapse
from payments.sandbox.session import Session
from payments.sandbox.store import Store


def ring(store: Store, config: Config) -> None:
    """Do everything whose time has come, in one transaction."""
    with store.writing() as tx:
        session = Session(tx=tx, config=config, now=tx.now())
        forget_old(tx, session.now)
        for identifier in tx.due(session.now):
            intent = tx.find("payment_intent", identifier)
            entry = tx.find("balance_transaction", identifier)
            if intent is not None:
                lapse(session, intent)
            elif entry is not None:
                balance.settle(session, entry)


def advance(store: Store, config: Config, seconds: int) -> int:
    """Move the clock on, do what falls due, and return the new time."""
    with store.writing() as tx:
        offset = int(tx.switch("clock_offset", "0")) + seconds
        tx.set_switch("clock_offset", str(offset))
        now = tx.now()
    ring(store, config)
    return now
