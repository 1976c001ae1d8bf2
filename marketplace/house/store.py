"""The S3 server of `make run`: nanio, with what a bucket's policy and CORS rules would add in production.

Run: `python -m marketplace.house.store --port 9000 --data DIR --public-bucket NAME --access-key K --secret-key S`
"""

import argparse
from pathlib import Path

import uvicorn
from nanio.app import build_app
from nanio.config import Settings
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send


class _OneUser:
    """The credentials of the house itself."""

    def __init__(self, access_key: str, secret_key: str) -> None:
        self.access_key, self.secret_key = access_key, secret_key

    def resolve(self, access_key: str) -> str | None:
        return self.secret_key if access_key == self.access_key else None


class PublicRead:
    """Lets anybody GET and HEAD objects of the public buckets, as a bucket policy does; all else must be signed."""

    def __init__(self, *, signed: ASGIApp, unsigned: ASGIApp, buckets: list[str]) -> None:
        self.signed, self.unsigned = signed, unsigned
        self.prefixes = tuple(f"/{bucket}/" for bucket in buckets)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_read = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        names_object = is_read and scope["path"].startswith(self.prefixes) and not scope["path"].endswith("/")
        is_signed = names_object and any(name == b"authorization" for name, _ in scope["headers"])
        await (self.unsigned if names_object and not is_signed else self.signed)(scope, receive, send)


def build(data: Path, access_key: str, secret_key: str, public_buckets: list[str]) -> ASGIApp:
    """The application: CORS for presigned PUTs from the page, public previews, everything else by signature."""
    data.mkdir(parents=True, exist_ok=True)
    user = _OneUser(access_key, secret_key)
    signed = build_app(Settings(data_dir=data, credentials=user))
    unsigned = build_app(Settings(data_dir=data, credentials=user, auth_disabled=True))
    return CORSMiddleware(
        PublicRead(signed=signed, unsigned=unsigned, buckets=public_buckets),
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "PUT"],
        allow_headers=["*"],
        expose_headers=["ETag"],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--access-key", required=True)
    parser.add_argument("--secret-key", required=True)
    parser.add_argument("--public-bucket", action="append", default=[])
    options = parser.parse_args()
    app = build(options.data, options.access_key, options.secret_key, options.public_bucket)
    uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
