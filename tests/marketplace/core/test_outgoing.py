"""Requests to strangers' addresses: bounded, never into a private network, and to the address that was checked."""

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import LazySettings

from marketplace.core import outgoing
from marketplace.core.outgoing import AddressRefused, NoAnswer, check_url, post
from tests.listener import Listener, listening, slowly

Strict = Callable[[], None]


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@pytest.fixture
def strict(settings: LazySettings) -> None:
    """As in production: private addresses are refused."""
    settings.ATELIER = settings.ATELIER.model_copy(update={"webhooks_to_private": False})


def names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name stand for these addresses."""
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if host.endswith(".test"):
            return [found for address in addresses for found in real(address, port, *args, **kwargs)]
        return real(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def test_a_request_arrives_whole_and_its_answer_comes_back(listener: Listener) -> None:
    listener.headers = {"Retry-After": "7"}
    answer = post(listener.url, b'{"a":1}', {"Content-Type": "application/json"})
    assert (answer.status, answer.text, answer.retry_after) == (200, "thank you", 7)
    [heard] = listener.heard
    assert (heard.path, heard.body) == ("/hooks?from=atelier", b'{"a":1}')
    assert heard.headers["host"] == f"127.0.0.1:{listener.port}"
    assert heard.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "https://", "https:///x", "https://user:pass@example.com/",
        "https://example.com/a b", "https://example.com:99999/", "https://[::1/", f"https://example.com/{'x' * 500}",
        "https://127.0.0.1/", "https://10.1.2.3/", "https://192.168.0.1/", "https://169.254.169.254/latest/meta-data/",
        "https://0.0.0.0/", "https://[::1]/", "https://[fe80::1]/", "https://[fd00::1]/", "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://224.0.0.1/", "https://100.64.0.1/",
    ],
)  # fmt: skip
def test_addresses_that_are_refused(strict: None, url: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(url)


def test_a_public_address_is_not_refused(strict: None) -> None:
    assert check_url("https://93.184.216.34:8443/hooks?x=1").port == 8443
    assert check_url("https://bücher.example/").host == "xn--bcher-kva.example"
    assert check_url("https://[2606:2800:220:1::1]/").named == "[2606:2800:220:1::1]"


@pytest.mark.parametrize("also", ["10.0.0.1", "127.0.0.1", "::1"])
def test_a_name_for_a_private_address_is_refused_though_it_has_a_public_one_too(
    strict: None, monkeypatch: pytest.MonkeyPatch, also: str
) -> None:
    names(monkeypatch, "93.184.216.34", also)
    connected: list[object] = []
    monkeypatch.setattr(outgoing, "_connection", lambda *given: connected.append(given))
    with pytest.raises(AddressRefused, match="private network"):
        post("https://hooks.test/", b"", {})
    assert not connected


def test_numbers_in_disguise_are_refused_when_they_are_resolved(strict: None) -> None:
    for host in ("2130706433", "0x7f.1", "localhost"):
        with pytest.raises((AddressRefused, NoAnswer)):
            post(f"https://{host}/", b"", {})


def test_the_name_is_resolved_once(monkeypatch: pytest.MonkeyPatch, listener: Listener) -> None:
    names(monkeypatch, "127.0.0.1")
    resolve, asked = socket.getaddrinfo, list[str]()

    def once(host: str, *args: Any, **kwargs: Any) -> Any:
        asked.append(host)
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    post(f"http://hooks.test:{listener.port}/", b"", {})
    assert [host for host in asked if host.endswith(".test")] == ["hooks.test"]
    assert listener.heard[0].headers["host"] == f"hooks.test:{listener.port}"


def test_a_redirect_is_an_answer_and_is_not_followed(listener: Listener) -> None:
    with listening() as elsewhere:
        listener.status, listener.headers = 302, {"Location": elsewhere.url}
        assert post(listener.url, b"", {}).status == 302
        assert not elsewhere.heard


def test_a_large_answer_is_not_read_to_its_end(listener: Listener) -> None:
    listener.body = b"x" * 10_000_000
    assert len(post(listener.url, b"", {}).text) == outgoing.KEPT_BYTES


def test_a_slow_server_is_left(listener: Listener) -> None:
    listener.drip = slowly(5)
    listener.body = b"x" * 10_000
    started = time.monotonic()
    with pytest.raises(NoAnswer, match="within 0.3 s"):
        post(listener.url, b"", {}, seconds=0.3)
    assert time.monotonic() - started < 4


def test_a_server_that_drips_is_left_though_no_single_read_is_late() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                for number in range(200):
                    try:
                        connection.sendall(b"X-%d: y\r\n" % number)
                    except OSError:
                        return
                    time.sleep(0.05)

        threading.Thread(target=drip, daemon=True).start()
        with pytest.raises(NoAnswer, match="within 0.4 s"):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"", {}, seconds=0.4)


def test_nobody_there_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(NoAnswer):
        post(f"http://127.0.0.1:{port}/", b"", {})
    with pytest.raises(NoAnswer, match="has no address"):
        post("https://nowhere.invalid/", b"", {})


def test_the_second_address_is_tried_where_the_first_does_not_take_a_connection(
    monkeypatch: pytest.MonkeyPatch, listener: Listener
) -> None:
    names(monkeypatch, "127.0.0.2", "127.0.0.1")  # the server listens on the latter alone
    assert post(f"http://hooks.test:{listener.port}/", b"", {}).status == 200


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate that signs itself, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, whole = folder / "public.pem", folder / "whole.pem"
    pem = made.public_bytes(serialization.Encoding.PEM)
    public.write_bytes(pem)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    whole.write_bytes(secret + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(whole)
    return public, context


def test_tls_is_checked_against_the_name_and_not_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public, context = certificate(tmp_path, "hooks.test")
    names(monkeypatch, "127.0.0.1")
    with listening(tls=context) as listener:
        with pytest.raises(NoAnswer, match="CERTIFICATE_VERIFY_FAILED"):
            post(f"https://hooks.test:{listener.port}/", b"", {})
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
        assert post(f"https://hooks.test:{listener.port}/", b"", {}).status == 200
        with pytest.raises(NoAnswer, match="[Hh]ostname"):
            post(f"https://other.test:{listener.port}/", b"", {})
        assert len(listener.heard) == 1
