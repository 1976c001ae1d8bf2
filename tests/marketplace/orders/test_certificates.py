"""Certificates: signed once for each owner, read by anybody, and verified without us."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.conf import LazySettings
from PIL import Image
from rest_framework.test import APIClient

from marketplace.accounts.models import Artist, User
from marketplace.core import storage
from marketplace.core.storage import Bucket
from marketplace.listings.models import Sale
from marketplace.orders import services
from marketplace.orders.errors import CertificateKeyUnusable
from marketplace.orders.models import Certificate, Order, SigningKey
from tests.generation.conftest import encoded
from tests.marketplace.orders.market import Settle, buy, put_on_sale, resell

SCRIPT = Path(__file__).parents[3] / "gallery/static/gallery/verify_certificate.py"
KEYS = "/.well-known/atelier-certificates.json"
ClientOf = Callable[[User], APIClient]


@pytest.fixture
def bought(sale: Sale, user: User, settle: Settle) -> Order:
    order = buy(sale, user)
    settle()
    return order


def certificate_of(order: Order) -> dict[str, Any]:
    answer = APIClient().get(f"/api/v1/editions/{order.edition_id}/certificate/")
    assert answer.status_code == 200
    return dict(answer.json())


def verify(folder: Path, certificate: dict[str, Any], *more: str) -> str:
    """What the script says in an interpreter that knows nothing of this house."""
    (folder / "certificate.json").write_text(json.dumps(certificate))
    (folder / "keys.json").write_bytes(APIClient().get(KEYS).content)
    return script(folder, "certificate.json", "keys.json", *more)


def script(folder: Path, *files: str) -> str:
    call = [sys.executable, "-I", str(SCRIPT), *files]
    return subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False).stdout.strip()


def test_it_says_what_is_owned_by_whom_and_how_it_was_made(bought: Order) -> None:
    told = certificate_of(bought)
    said = told["certificate"]
    assert told["valid"] is True
    assert (said["work"]["title"], said["work"]["artist"]) == ("Ink", "Vera Molnár")
    assert said["edition"] == {"id": str(bought.edition_id), "number": 1, "of": 3}
    assert (said["recipe"]["engine"], said["recipe"]["seed"], len(said["recipe"]["sha256"])) == ("flow-field", 7, 64)
    assert (said["owner"], said["licence"]["code"]) == ("a private collection", "personal")
    assert [(step["from"], step["to"], step["how"]) for step in said["history"]] == [
        ("Vera Molnár", "a private collection", "order")
    ]
    assert said["key"] == told["key"] == SigningKey.objects.get().pk


def test_anybody_verifies_it_without_us(bought: Order, tmp_path: Path) -> None:
    told = certificate_of(bought)
    assert verify(tmp_path, told) == (
        f"VERIFIED: Ink by Vera Molnár, 1 of 3, owned by a private collection on {told['certificate']['issued_at']}"
    )
    (tmp_path / "other.png").write_bytes(b"another picture")
    assert "another file" in verify(tmp_path, told, "other.png")
    told["certificate"]["edition"]["number"] = 2
    assert "was changed" in verify(tmp_path, told)
    SigningKey.objects.update(public="A" * 43 + "=")
    assert "NOT VERIFIED" in verify(tmp_path, certificate_of(bought))


def test_an_owner_chooses_the_name_and_a_new_owner_gets_a_new_certificate(
    bought: Order, user: User, make_user: Callable[..., User], client_of: ClientOf, settle: Settle, tmp_path: Path
) -> None:
    first = certificate_of(bought)["certificate"]["id"]
    client = client_of(user)
    mine = f"/api/v1/collection/{bought.edition_id}/"
    assert client.patch(mine, {"name": "Ελένη 王"}, format="json").json()["shown_as"] == "Ελένη 王"
    assert certificate_of(bought)["certificate"]["owner"] == "Ελένη 王"
    assert "Ελένη 王" in verify(tmp_path, certificate_of(bought))
    buyer = make_user()
    buy(resell(bought.edition, user), buyer)
    settle()
    told = certificate_of(bought)["certificate"]
    assert [(step["from"], step["to"]) for step in told["history"]] == [
        ("Vera Molnár", "Ελένη 王"), ("Ελένη 王", "a private collection"),
    ]  # fmt: skip
    history = APIClient().get(f"/api/v1/editions/{bought.edition_id}/history/").json()
    assert [(step["giver"], step["owner"]) for step in history] == [(s["from"], s["to"]) for s in told["history"]]
    assert APIClient().get(f"/api/v1/certificates/{first}/").json()["valid"] is False
    assert client.patch(mine, {"name": "Still me"}, format="json").status_code == 404
    assert Certificate.objects.filter(superseded_at=None).count() == 1


def test_it_is_written_once_however_often_it_is_asked_for(bought: Order) -> None:
    one = services.certify(edition_id=bought.edition_id)
    assert one is not None
    assert services.certify(edition_id=bought.edition_id) == one == Certificate.objects.get()


def test_a_key_that_is_none_is_said_and_certificates_wait(
    artist: Artist, user: User, settings: LazySettings, tmp_path: Path
) -> None:
    order = buy(put_on_sale(artist), user)
    broken = tmp_path / "key.pem"
    broken.write_text("no key")
    settings.ATELIER = settings.ATELIER.model_copy(update={"certificate_private_key": str(broken)})
    with pytest.raises(CertificateKeyUnusable):
        services.certify(edition_id=order.edition_id)
    assert not Certificate.objects.exists()


def paper_of(order: Order) -> bytes:
    """The PDF, as anybody fetches it."""
    address = f"/api/v1/certificates/{certificate_of(order)['certificate']['id']}/pdf/"
    answer = APIClient().get(address)
    assert answer.status_code == 302
    assert APIClient().get(address).status_code == 302  # once more, and nothing is drawn anew
    key = storage.content_key("certificates", Certificate.objects.get(superseded_at=None).file_sha256, "pdf")
    assert key in answer["Location"]
    return storage.get(Bucket.PRIVATE, key)


def test_on_paper_it_shows_the_picture_and_verifies_by_itself(bought: Order, user: User, tmp_path: Path) -> None:
    services.show_as(owner=user, edition_id=bought.edition_id, name="王小明")
    artwork = bought.edition.artwork
    assert artwork is not None
    shown = artwork.files.filter(role="preview", format="webp").order_by("width").last()
    assert shown is not None
    drawn = encoded(Image.new("RGB", (960, 640), (30, 90, 160)), "WEBP")
    storage.put(Bucket(shown.bucket), shown.key, drawn, media_type="image/webp")
    (tmp_path / "certificate.pdf").write_bytes(data := paper_of(bought))
    with pypdfium2.PdfDocument(data) as document:
        [page] = document
        text = page.get_textpage().get_text_range()
        middle = page.render(scale=0.5).to_pil().convert("RGB").getpixel((148, 130))
        assert document.get_attachment(0).get_name() == "certificate.json"
    said = certificate_of(bought)["certificate"]
    for part in ("Ink", "by Vera Molnár, number 1 of 3", "王小明", said["recipe"]["sha256"], said["key"]):
        assert part in text
    assert all(abs(one - other) < 12 for one, other in zip(middle, (30, 90, 160), strict=True))
    (tmp_path / "keys.json").write_bytes(APIClient().get(KEYS).content)
    assert script(tmp_path, "certificate.pdf", "keys.json").startswith("VERIFIED: Ink by Vera Molnár, 1 of 3")
    assert script(tmp_path, "certificate.pdf").startswith(f"VERIFIED, if {said['key']} is the house's key")
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.7 nothing")
    assert script(tmp_path, "other.pdf", "keys.json").startswith("NOT VERIFIED: there is no certificate")


def test_a_superseded_one_is_given_on_paper_no_longer(bought: Order, make_user: Callable[..., User]) -> None:
    old = certificate_of(bought)["certificate"]["id"]
    services.show_as(owner=bought.buyer, edition_id=bought.edition_id, name="Somebody")
    answer = APIClient().get(f"/api/v1/certificates/{old}/pdf/")
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate-superseded")
