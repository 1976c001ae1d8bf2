"""The variables of `make run`: what an operator would set, made up once and kept in the data folder."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from marketplace.environment import DEMO_SECRET_KEY
from marketplace.house.parts import postgres_url

# The variables that name each server. A server whose variables the person has set is theirs, and none is started;
# those of one line stand or fall together, with the first.
SERVERS: dict[str, list[tuple[str, ...]]] = {
    "postgres": [("DATABASE_URL",)],
    "redis": [("BROKER_URL",), ("CACHE_URL",)],
    "s3": [("S3_ENDPOINT_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY")],
    "sandbox": [
        ("STRIPE_API_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE", "STRIPE_JS_URL")
    ],
}


@dataclass(frozen=True)
class Keys:
    """Random keys of one data folder, the same at every start."""

    s3_access_key: str
    s3_secret_key: str
    stripe_api_key: str
    stripe_publishable_key: str
    stripe_webhook_secret: str
    demo_password: str

    @classmethod
    def remembered(cls, path: Path) -> "Keys":
        """Read the folder's keys, or make them on the first start; the file is for its owner alone."""
        if not path.exists():
            path.touch(mode=0o600)
            made = {
                "s3_access_key": secrets.token_hex(10),
                "s3_secret_key": secrets.token_urlsafe(30),
                "stripe_api_key": f"sk_test_{secrets.token_hex(16)}",
                "stripe_publishable_key": f"pk_test_{secrets.token_hex(16)}",
                "stripe_webhook_secret": f"whsec_{secrets.token_hex(16)}",
                "demo_password": f"atelier-{secrets.token_urlsafe(6)}",
            }
            path.write_text(json.dumps(made))
        return cls(**json.loads(path.read_text()))


def house_environment(
    *,
    home: Path,
    ports: dict[str, int],
    keys: Keys,
    database: str = "atelier",
    redis_databases: tuple[int, int] = (0, 1),
) -> dict[str, str]:
    """Everything the settings need, pointing at the embedded parts under `home`."""
    broker, cache = redis_databases
    return {
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "ATELIER_DEMO": "true",
        "SECRET_KEY": DEMO_SECRET_KEY,
        "PUBLIC_URL": f"http://127.0.0.1:{ports['web']}",
        "ALLOWED_HOSTS": json.dumps(["127.0.0.1", "localhost", "testserver"]),
        "DATABASE_URL": postgres_url(home / "postgres", database),
        "BROKER_URL": f"redis://127.0.0.1:{ports['redis']}/{broker}",
        "CACHE_URL": f"redis://127.0.0.1:{ports['redis']}/{cache}",
        "S3_ENDPOINT_URL": f"http://127.0.0.1:{ports['s3']}",
        "S3_ACCESS_KEY": keys.s3_access_key,
        "S3_SECRET_KEY": keys.s3_secret_key,
        "STRIPE_API_KEY": keys.stripe_api_key,
        "STRIPE_PUBLISHABLE_KEY": keys.stripe_publishable_key,
        "STRIPE_WEBHOOK_SECRET": keys.stripe_webhook_secret,
        "STRIPE_API_BASE": f"http://127.0.0.1:{ports['sandbox']}",
        "STRIPE_JS_URL": f"http://127.0.0.1:{ports['sandbox']}/v3/",
        "WEBHOOKS_TO_PRIVATE": "true",  # whoever develops listens on this machine
        "DATA_DIR": str(home),
        "LOG_FORMAT": "console",
        "PYTHONUNBUFFERED": "1",
    }


def around_own_servers(environment: Mapping[str, str], given: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    """Leave out of `environment` what `given` names already; return the rest, and the parts that are still needed."""
    rest, needed = dict(environment), set[str]()
    for part, groups in SERVERS.items():
        for group in groups:
            if group[0] in given:
                rest = {name: value for name, value in rest.items() if name not in group}
            else:
                needed.add(part)
    return rest, needed
