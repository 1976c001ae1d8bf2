"""Dramatiq's broker, chosen by BROKER_URL, with the middleware that fits Django."""

from typing import Any

import dramatiq
import structlog
from django.conf import settings
from django.db import close_old_connections
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, Callbacks, Middleware, ShutdownNotifications

IO, CPU, GPU = "io", "cpu", "gpu"
IDLE_MILLISECONDS = 30


class DjangoHygiene(Middleware):
    """Returns database connections to the pool and clears the log's context around each message."""

    def before_process_message(self, broker: dramatiq.Broker, message: dramatiq.broker.MessageProxy) -> None:
        close_old_connections()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(message_id=message.message_id, actor=message.actor_name)

    def after_process_message(
        self,
        broker: dramatiq.Broker,
        message: dramatiq.broker.MessageProxy,
        *,
        result: Any = None,
        exception: BaseException | None = None,
    ) -> None:
        structlog.contextvars.clear_contextvars()
        close_old_connections()

    def after_skip_message(self, broker: dramatiq.Broker, message: dramatiq.broker.MessageProxy) -> None:
        self.after_process_message(broker, message)


class Habits(Middleware):
    """How our workers take messages; told to each as it starts, so that it is said in one place.

    A painting worker takes one message at a time: another, taken in advance, would wait behind the picture being
    painted instead of going to a free worker. And an idle worker asks Redis every few hundredths of a second, where
    Dramatiq's own patience of a second would be half a second's wait for every job (RabbitMQ sends by itself).
    """

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        worker.worker_timeout = IDLE_MILLISECONDS
        if {CPU, GPU} & (worker.consumer_whitelist or set()):
            worker.queue_prefetch = 1


def configure() -> dramatiq.Broker:
    """Make the broker that BROKER_URL names and declare it Dramatiq's own.

    Dramatiq's Retries and TimeLimit are left out on purpose: the outbox and the job rows decide what is tried again,
    and Python exceptions do not stop torch's C code.
    """
    url = settings.ATELIER.broker_url.get_secret_value()
    middleware: list[Middleware] = [AgeLimit(), ShutdownNotifications(), Callbacks(), DjangoHygiene(), Habits()]
    broker: dramatiq.Broker
    if url.startswith("amqp"):
        broker = RabbitmqBroker(url=url, middleware=middleware, confirm_delivery=True)
    else:
        broker = RedisBroker(url=url, middleware=middleware)  # type: ignore[no-untyped-call]
    dramatiq.set_broker(broker)
    return broker
