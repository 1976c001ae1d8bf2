"""``python -m payments.sandbox``: start the sandbox."""

import argparse
from pathlib import Path

from payments.sandbox.config import Config
from payments.sandbox.server import make_server


def main() -> None:
    """Read the command line and serve until told to stop."""
    parser = argparse.ArgumentParser(prog="payments.sandbox", description="A stateful stand-in for Stripe's API.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument("--data", type=Path, required=True, help="the SQLite file that holds everything")
    parser.add_argument("--api-key", required=True, help="sk_test_…")
    parser.add_argument("--publishable-key", help="pk_test_…; the secret key with that prefix unless told")
    parser.add_argument("--webhook-url", help="where events are sent; without it they are only kept")
    parser.add_argument("--webhook-secret", default="whsec_sandbox", help="signs the webhooks")
    parser.add_argument("--public-url", help="how browsers reach the sandbox; http://HOST:PORT unless told")
    parser.add_argument("--retry-seconds", type=float, default=1.0, help="first pause before a webhook is repeated")
    given = parser.parse_args()
    if not given.api_key.startswith("sk_test_"):
        parser.error("--api-key must begin with sk_test_: a live key has no business here")
    config = Config(
        data=given.data,
        api_key=given.api_key,
        publishable_key=given.publishable_key or given.api_key.replace("sk_test_", "pk_test_", 1),
        webhook_url=given.webhook_url,
        webhook_secret=given.webhook_secret,
        public_url=(given.public_url or f"http://{given.host}:{given.port}").rstrip("/"),
        retry_seconds=given.retry_seconds,
    )
    make_server(config, given.host, given.port).run()


if __name__ == "__main__":
    main()
