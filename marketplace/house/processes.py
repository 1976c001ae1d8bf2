"""Atelier's own processes: the web server, the workers, the relay and the sweeper."""

import sys
import urllib.request

from marketplace.house.parts import Part


def web(port: int) -> Part:
    """The web server; it answers as soon as /healthz does."""
    argv = [sys.executable, "-m", "uvicorn", "marketplace.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    # Live progress streams stay open as long as a page does; two seconds are enough for the rest to finish.
    argv += ["--lifespan", "off", "--timeout-graceful-shutdown", "2", "--log-level", "warning"]
    return Part("web", argv, lambda: _is_healthy(port))


def workers() -> list[Part]:
    """One process for events and webhooks, one that paints."""
    dramatiq = [sys.executable, "-m", "dramatiq", "marketplace.core.worker_process", "--processes", "1"]
    return [
        Part("worker-io", [*dramatiq, "--threads", "4", "--queues", "io"], lambda: True),
        Part("worker-paint", [*dramatiq, "--threads", "1", "--queues", "cpu", "gpu"], lambda: True),
    ]


def couriers() -> list[Part]:
    """The outbox relay and the sweeper."""
    manage = [sys.executable, "manage.py"]
    return [
        Part("relay", [*manage, "relay"], lambda: True),
        Part("sweeper", [*manage, "sweep"], lambda: True),
    ]


def furnishing_of_models() -> Part:
    """What trains the first model in the background, while people look round already."""
    return Part("furnish-models", [sys.executable, "manage.py", "furnish_models"], lambda: True, is_errand=True)


def _is_healthy(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
        return bool(answer.status == 200)
