"""Dramatiq's broker, chosen by BROKER_URL, with middleware that fits Django. docs/brokers.md explains each value."""

from datetime import timedelta
from typing import Any

import dramatiq
import pika
import redis
import structlog
from django.conf import settings
from django.db import close_old_connections
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.common import dq_name
from dramatiq.errors import BrokerError
from dramatiq.middleware import AgeLimit, Callbacks, Middleware, ShutdownNotifications
from dramatiq.worker import ConsumerThread
from pika.adapters.utils.connection_workflow import AMQPConnectorException
from pika.exceptions import AMQPError

from marketplace.core.audit import acting

IO, CPU, GPU = "io", "cpu", "gpu"
# What the brokers raise while they do not answer. A RabbitMQ that takes a connection and then says nothing is the one
# case in which pika raises what is no AMQPError.
AWAY = (BrokerError, AMQPError, AMQPConnectorException, redis.RedisError, OSError)

IDLE_MILLISECONDS = 30
# Between two looks into a queue in which nothing ever is. On Redis they are also a busy worker's only signs of life: it
# asks for no message while it has one. So this stays far below WORKER_SILENT.
NEVER_MILLISECONDS = 1000
WORKER_SILENT = timedelta(minutes=5)
KEEP_DEAD = timedelta(days=7)  # RabbitMQ: Dramatiq's own default is the same
ANSWER_SECONDS = 5.0
HEARTBEAT_SECONDS = 20  # RabbitMQ proposes 60: a frozen server would then hold the relay, and its rows, for 145 seconds
BLOCKED_SECONDS = 30.0


class DjangoHygiene(Middleware):
    """Returns database connections to the pool, clears the log's context and says who acts, around each message."""

    def before_process_message(self, broker: dramatiq.Broker, message: dramatiq.broker.MessageProxy) -> None:
        close_old_connections()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(message_id=message.message_id, actor=message.actor_name)
        acting.begin(f"actor {message.actor_name}", message.message_id)

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
    Dramatiq's own patience of a second would be half a second's wait for every job (RabbitMQ sends by itself). Nothing
    is ever delayed by the broker: the queues for that are looked into only because Dramatiq has them.
    """

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        if isinstance(broker, RedisBroker):
            worker.worker_timeout = IDLE_MILLISECONDS
        if {CPU, GPU} & (worker.consumer_whitelist or set()):
            worker.queue_prefetch = 1

    def after_consumer_thread_boot(self, broker: dramatiq.Broker, thread: ConsumerThread) -> None:
        if thread.queue_name == dq_name(thread.queue_name):
            thread.worker_timeout = NEVER_MILLISECONDS


def configure() -> dramatiq.Broker:
    """Make the broker that BROKER_URL names and declare it Dramatiq's own."""
    broker = connect(settings.ATELIER.broker_url.get_secret_value())
    dramatiq.set_broker(broker)
    return broker


def connect(url: str) -> dramatiq.Broker:
    """A broker at an address, redis:// or amqp://, that stands long jobs and short absences of its server.

    Dramatiq's Retries and TimeLimit are left out on purpose: the outbox and the job rows decide what is tried again,
    and Python exceptions do not stop torch's C code.
    """
    middleware: list[Middleware] = [AgeLimit(), ShutdownNotifications(), Callbacks(), DjangoHygiene(), Habits()]
    if not url.startswith("amqp"):
        return RedisBroker(  # type: ignore[no-untyped-call]
            client=redis.Redis.from_url(url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS),
            middleware=middleware,
            heartbeat_timeout=_milliseconds(WORKER_SILENT),
            dead_message_ttl=_milliseconds(KEEP_DEAD),
        )
    broker = RabbitmqBroker(url=url, middleware=middleware, confirm_delivery=True)
    for server in broker.parameters if isinstance(broker.parameters, list) else [broker.parameters]:
        server.blocked_connection_timeout = server.blocked_connection_timeout or BLOCKED_SECONDS
        if server.stack_timeout == server.DEFAULT_STACK_TIMEOUT:  # the address says nothing else
            server.stack_timeout = ANSWER_SECONDS
        if server.heartbeat is None:
            server.heartbeat = HEARTBEAT_SECONDS
    return broker


def ping() -> None:
    """Raise unless the broker answers."""
    broker = dramatiq.get_broker()
    if isinstance(broker, RedisBroker):
        broker.client.ping()
    elif isinstance(broker, RabbitmqBroker):
        pika.BlockingConnection(broker.parameters).close()


def stay_connected() -> None:
    """Answer RabbitMQ's heartbeats on this thread's connection, which only sends, and that seldom.

    Otherwise RabbitMQ would hang up after two silent minutes, and the next message would wait for a new connection.
    """
    broker = dramatiq.get_broker()
    if isinstance(broker, RabbitmqBroker):
        try:
            broker.connection.process_data_events(time_limit=0)
        except AMQPError:
            del broker.connection
            raise


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
