"""A sandbox in a process of its own, and a receiver for its webhooks, for the tests of this folder."""

import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import stripe

SECRET_KEY, PUBLISHABLE_KEY = "sk_test_sandbox_tests_0001", "pk_test_sandbox_tests_0001"
WEBHOOK_SECRET = "whsec_sandbox_tests"
_PATIENCE = 20.0


class RunningSandbox:
    """`python -m payments.sandbox` on a free port; it can be killed and started again with the same data."""

    def __init__(self, data: Path, *, webhook_url: str | None = None) -> None:
        self.data, self.webhook_url = data, webhook_url
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "payments.sandbox", "--port", str(self.port), "--data", str(self.data)]
        command += ["--api-key", SECRET_KEY, "--webhook-secret", WEBHOOK_SECRET, "--retry-seconds", "0.2"]
        if self.webhook_url:
            command += ["--webhook-url", self.webhook_url]
        self._process = subprocess.Popen(command)
        wait_until(self._answers)

    def stop(self) -> None:
        """Ask it to end, as a supervisor would."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(_PATIENCE)

    def kill(self) -> None:
        """End it without warning."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(_PATIENCE)

    def client(self, *, retries: int = 0) -> stripe.StripeClient:
        """The real SDK, pointed here."""
        return stripe.StripeClient(SECRET_KEY, base_addresses={"api": self.url}, max_network_retries=retries)

    def control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One call to the control surface."""
        status, answer, _ = self.request(method, f"/_sandbox/{path}", json.dumps(body) if body is not None else None)
        assert status == 200, answer
        return answer

    def request(
        self, method: str, path: str, body: str | None = None, *, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any], Message]:
        """One raw request with the secret key, unless the headers say otherwise: status, body, headers."""
        sent = {"Authorization": f"Bearer {SECRET_KEY}", **(headers or {})}
        encoded = body.encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data=encoded, headers=sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
                return answer.status, json.load(answer), answer.headers
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal), refusal.headers

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_sandbox/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


class Receiver:
    """The product's side of the webhooks: keeps what arrives, answers what it is told to answer."""

    def __init__(self) -> None:
        self.deliveries: list[tuple[str, str]] = []
        self.status = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                payload = self.rfile.read(int(self.headers["Content-Length"])).decode()
                receiver.deliveries.append((payload, self.headers["Stripe-Signature"]))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class names it so
                """Say nothing: the tests look at `deliveries`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def events(self, kind: str | None = None) -> list[stripe.Event]:
        """What arrived, each signature checked by the SDK."""
        received = [
            stripe.Webhook.construct_event(payload, signature, WEBHOOK_SECRET)
            for payload, signature in list(self.deliveries)
        ]
        return [event for event in received if kind in (None, event.type)]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], bool], *, seconds: float = _PATIENCE) -> None:
    """Wait for something to become true; fail when it does not."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
