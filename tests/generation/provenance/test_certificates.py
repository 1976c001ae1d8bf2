"""The certificates behind the signatures: a chain made once, renewed in time, and replaced by the operator's own."""

import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from django.conf import LazySettings
from django.core import checks

from generation import provenance
from generation.errors import CertificateUnusable
from generation.provenance import development
from generation.provenance.certificates import signing_credentials, trust_anchors
from generation.provenance.deployment import check_certificate
from tests.generation.provenance.conftest import Issued, claim, configure, painting

ROOT = Path(__file__).parents[3]


def signed() -> bytes:
    return provenance.sign(painting(), media_type="image/png", claim=claim())


def trusted(file: bytes) -> bool:
    manifest = provenance.read(file, "image/png")
    return manifest is not None and manifest.is_trusted


START_TOGETHER = """
import sys, time
from pathlib import Path
from generation.provenance import development
folder, gate = map(Path, sys.argv[1:])
print("ready", flush=True)
while not gate.exists():
    time.sleep(0.001)
sys.stdout.write(development.chain_with_key(folder))
"""


def test_processes_that_start_together_make_one_chain(tmp_path: Path) -> None:
    folder, gate = tmp_path / "new", tmp_path / "gate"
    command = [sys.executable, "-c", START_TOGETHER, str(folder), str(gate)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(4)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    gate.touch()
    chains = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert len(set(chains)) == 1
    assert chains[0] == (folder / development.SIGNER).read_text()
    assert development.anchors(folder).count("BEGIN CERTIFICATE") == 1


def test_the_key_is_for_its_owner_alone(data_dir: Path) -> None:
    signed()
    signer = data_dir / "provenance" / development.SIGNER
    assert stat.S_IMODE(signer.stat().st_mode) == 0o600
    assert "PRIVATE KEY" in signer.read_text()
    assert "PRIVATE KEY" not in (data_dir / "provenance" / development.ANCHORS).read_text()
    assert sorted(path.name for path in (data_dir / "provenance").iterdir()) == [
        ".lock",
        "anchors.pem",
        "development.pem",
    ]


def test_a_chain_is_made_once_and_used_again(data_dir: Path) -> None:
    first = signing_credentials()
    assert signing_credentials() is first
    assert first.lapses_at - datetime.now(UTC) > timedelta(days=3600)


def test_a_chain_about_to_lapse_is_made_anew_and_older_files_stay_trusted(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(development, "LASTS", timedelta(days=29))
        patch.setattr(development, "RENEWED_BEFORE", timedelta(days=1))
        old, before = signing_credentials(), signed()
        assert signing_credentials() is old
    new = signing_credentials()
    assert new.lapses_at > old.lapses_at
    assert new.key != old.key
    assert trusted(before)
    assert trusted(signed())
    assert trust_anchors().count("BEGIN CERTIFICATE") == 2


def test_a_torn_file_is_replaced(data_dir: Path) -> None:
    signing_credentials()
    (data_dir / "provenance" / development.SIGNER).write_text("half a ke")
    assert trusted(signed())


def test_nothing_is_trusted_and_nothing_made_where_nothing_was_signed(data_dir: Path) -> None:
    assert trust_anchors() == ""
    assert list(data_dir.iterdir()) == []


def test_with_a_certificate_of_its_own_the_house_no_longer_trusts_the_development_chain(
    data_dir: Path, sign_as: Callable[..., Issued]
) -> None:
    before = signed()
    sign_as()
    assert not trusted(before)
    assert trusted(signed())


def test_a_renewed_certificate_is_taken_up_at_once(data_dir: Path, sign_as: Callable[..., Issued]) -> None:
    sign_as(name="The old name")
    assert signing_credentials().name == "The old name"
    sign_as(name="The new name")
    assert signing_credentials().name == "The new name"


@pytest.mark.parametrize(
    ("certificate", "key", "why"),
    [
        ("{}/absent.pem", "{}/key.pem", "absent.pem cannot be read: No such file or directory"),
        ("{}/chain.pem", "", "C2PA_PRIVATE_KEY is not"),
        ("{}/key.pem", "{}/key.pem", "not a PEM chain"),
        ("{}/chain.pem", "{}/chain.pem", "not an unencrypted PEM key"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said(
    certificate: str, key: str, why: str, sign_as: Callable[..., Issued], settings: LazySettings, data_dir: Path
) -> None:
    folder = sign_as().key.parent
    configure(settings, c2pa_certificate=certificate.format(folder), c2pa_private_key=key.format(folder))
    with pytest.raises(CertificateUnusable, match=why):
        signing_credentials()


def test_a_lapsed_certificate_is_refused(data_dir: Path, sign_as: Callable[..., Issued]) -> None:
    sign_as(lapses_in=-timedelta(days=1))
    with pytest.raises(CertificateUnusable, match="“Gallery Ltd” lapsed on"):
        signed()


def test_the_development_certificate_is_one_that_c2pa_asks_for(data_dir: Path) -> None:
    own, authority = x509.load_pem_x509_certificates(signing_credentials().chain.encode())
    use = own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(use) == [x509.oid.ExtendedKeyUsageOID.EMAIL_PROTECTION]
    assert own.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    own.verify_directly_issued_by(authority)


def test_production_is_warned_while_it_has_no_certificate_of_its_own(sign_as: Callable[..., Issued]) -> None:
    assert [message.id for message in check_certificate(None)] == ["atelier.W003"]
    sign_as()
    assert check_certificate(None) == []
    assert check_certificate in checks.registry.registry.deployment_checks
