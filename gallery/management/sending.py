"""How a command sends a file: as a browser would, by a PUT to an address that was signed for it."""

import urllib.request

from marketplace.core.storage import PresignedPut


def send(data: bytes, put: PresignedPut) -> None:
    """PUT the bytes to our own S3 server. Raises urllib.error.URLError."""
    request = urllib.request.Request(put.url, data=data, headers=put.headers, method="PUT")  # noqa: S310  # our own S3 server
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310
        return
