"""A time-stamp authority, played by openssl, says when a file was signed."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.conf import LazySettings

from generation import provenance
from tests.generation.provenance.conftest import claim, configure, painting

CONFIGURATION = """
[req]
distinguished_name = dn
[dn]
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
authorityKeyIdentifier = keyid
[tsa]
default_tsa = here
[here]
serial = serial
signer_cert = signer.pem
signer_key = signer.key
certs = authority.pem
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256,sha384,sha512
ess_cert_id_alg = sha256
"""


class Authority:
    """Answers RFC 3161 requests with a certificate chain of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "c.cnf").write_text(CONFIGURATION)
        (folder / "serial").write_text("01")
        new_key = "-newkey rsa:2048 -nodes -config c.cnf"
        self.openssl(f"req -x509 {new_key} -keyout a.key -out authority.pem -subj /CN=Root -extensions authority")
        self.openssl(f"req {new_key} -keyout signer.key -out signer.csr -subj /CN=Clock")
        issue = "x509 -req -in signer.csr -CA authority.pem -CAkey a.key -CAcreateserial -out signer.pem"
        self.openssl(f"{issue} -extfile c.cnf -extensions signer")

    def openssl(self, command: str) -> None:
        subprocess.run(["openssl", *command.split()], cwd=self.folder, check=True, capture_output=True)

    def stamp(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        self.openssl("ts -reply -queryfile query -config c.cnf -out reply")
        return (self.folder / "reply").read_bytes()


@pytest.fixture
def authority(tmp_path: Path, settings: LazySettings) -> Iterator[Authority]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here to play the time-stamp authority")
    (folder := tmp_path / "clock").mkdir()
    stamping = Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = stamping.stamp(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        configure(settings, c2pa_timestamp_url=f"http://127.0.0.1:{server.server_port}/")
        yield stamping
        server.shutdown()


def test_a_time_stamp_says_when_a_file_was_signed(data_dir: Path, authority: Authority, settings: LazySettings) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    file = provenance.sign(painting(), media_type="image/png", claim=claim())
    configure(settings, c2pa_timestamp_url="", c2pa_trust_anchors=str(authority.folder / "authority.pem"))
    manifest = provenance.read(file, "image/png")
    assert manifest is not None
    assert (manifest.is_trusted, manifest.problems) == (True, ())
    assert before <= datetime.fromisoformat(manifest.signed_at) <= datetime.now(UTC)
