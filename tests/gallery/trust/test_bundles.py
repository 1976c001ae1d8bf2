"""What an owner takes home: one zip that proves itself without this house, and fails if anything in it was changed."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from gallery import services
from gallery.handlers import on_bundle_asked
from gallery.services import bundles
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.models import OutboxEvent
from marketplace.core.storage import Bucket
from marketplace.listings.models import Edition
from marketplace.orders import selectors as orders
from tests.generation import checking
from tests.generation.conftest import encoded

NAMES = [
    "README.txt", "anchors.pem", "certificate.json", "certificate.pdf", "contents.json", "keys.json", "licence.txt",
    "manifest.json", "original.png", "recipe.json", "verify.py",
]  # fmt: skip


def packed(edition: Edition, language: str = "en") -> bytes:
    certificate = orders.valid_certificate_of(edition.pk)
    return storage.get(Bucket.PRIVATE, services.pack_bundle(certificate_id=certificate.pk, language=language))


def unpacked(data: bytes, into: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        assert bundle.testzip() is None
        bundle.extractall(into)
    [folder] = into.iterdir()
    return folder


def verified(folder: Path, *keys: str) -> tuple[int, str]:
    """What the bundle's own script says, in an interpreter that knows nothing of this house."""
    call = [sys.executable, "-I", str(folder / "verify.py"), str(folder), *keys]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.returncode, done.stdout


def test_a_bundle_verifies_itself_elsewhere_and_nothing_of_it_can_be_changed(edition: Edition, tmp_path: Path) -> None:
    folder = unpacked(packed(edition), tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    status, said = verified(folder)
    assert (status, "FAILED" in said) == (0, False), said
    assert "VERIFIED: Ink River by Vera Molnár, 1 of 1; owned by a private collection" in said
    assert "C2PA: an authority in anchors.pem answers for the signer" in said
    for name in set(NAMES) - {"verify.py"}:
        path, before = folder / name, (folder / name).read_bytes()
        middle = len(before) // 2
        path.write_bytes(before[:middle] + bytes([before[middle] ^ 1]) + before[middle + 1 :])
        status, said = verified(folder)
        assert (status, "NOT VERIFIED" in said) == (1, True), name
        path.write_bytes(before)
    for name in ("certificate2.json", "original.jpg"):
        (folder / name).write_text("{}")
        status, said = verified(folder)
        assert (status, f"FAILED  {name} is not in the table of contents" in said) == (1, True), said
        assert said.count("FAILED") == 1
        (folder / name).unlink()
    (folder / "licence.txt").unlink()
    assert "FAILED  licence.txt is missing" in verified(folder)[1]


def test_whoever_packs_anew_with_another_key_is_found_out_by_the_houses_keys(edition: Edition, tmp_path: Path) -> None:
    folder = unpacked(packed(edition), tmp_path)
    keys = tmp_path / "published.json"
    keys.write_bytes(APIClient().get("/.well-known/atelier-certificates.json").content)
    assert verified(folder, str(keys))[0] == 0
    others = json.loads(keys.read_bytes())
    others["keys"][0]["id"] = "0" * 16
    keys.write_text(json.dumps(others))
    assert "not among the keys" in verified(folder, str(keys))[1]


def test_a_picture_with_a_manifest_of_another_is_found_out(edition: Edition, tmp_path: Path) -> None:
    """Even by one who could sign the table of contents: the manifest is bound to the file's bytes."""
    folder = unpacked(packed(edition), tmp_path)
    artwork = edition.artwork
    assert artwork is not None
    (folder / "original.png").write_bytes(checking.forged(artwork))
    assert "FAILED  C2PA: the file has the bytes that were signed" in verified(folder)[1]


def test_the_same_bundle_is_the_same_file(edition: Edition) -> None:
    first = packed(edition)
    assert packed(edition) == first
    with zipfile.ZipFile(io.BytesIO(first)) as bundle:
        original = next(entry for entry in bundle.infolist() if entry.filename.endswith("original.png"))
        assert original.compress_type == zipfile.ZIP_STORED


def test_a_damaged_original_is_handed_to_nobody(edition: Edition, visitor: Client) -> None:
    assert edition.artwork is not None
    checking.overwrite(edition.artwork, encoded(checking.image(seed=3)))
    answer = visitor.get(f"/collection/{edition.pk}/bundle/", follow=True)
    assert "is not the file that was certified" in answer.content.decode()


def test_its_owner_fetches_it_and_nobody_else(
    edition: Edition, visitor: Client, make_user: Callable[..., User], client_of: Callable[[User], APIClient]
) -> None:
    page = visitor.get(f"/collection/{edition.pk}/").content.decode()
    assert f'href="/collection/{edition.pk}/bundle/"' in page
    answer = visitor.get(f"/collection/{edition.pk}/bundle/")
    assert (answer.status_code, ".zip?" in answer.headers["Location"]) == (302, True)
    stranger = client_of(make_user())
    assert stranger.get(f"/api/v1/collection/{edition.pk}/bundle/").status_code == 404
    assert APIClient().get(f"/api/v1/collection/{edition.pk}/bundle/").status_code == 401
    assert Client().get(f"/collection/{edition.pk}/bundle/").headers["Location"].startswith("/accounts/login/")


def test_a_large_one_is_packed_by_a_worker_while_its_owner_waits(
    edition: Edition, visitor: Client, api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "AT_ONCE", 10)
    for _ in range(2):
        waiting = visitor.get(f"/collection/{edition.pk}/bundle/")
        assert (waiting.status_code, b'http-equiv="refresh"' in waiting.content) == (202, True)
    answer = api.get(f"/api/v1/collection/{edition.pk}/bundle/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "4")
    [event] = OutboxEvent.objects.filter(topic="bundle.asked")
    on_bundle_asked(event.subject_id)
    assert api.get(f"/api/v1/collection/{edition.pk}/bundle/").status_code == 302


def test_bundles_are_forgotten_a_day_later(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def kept() -> list[Any]:
        return list(storage.list_objects(Bucket.PRIVATE, "bundles/"))

    packed(edition)
    services.forget_bundles()
    assert kept()
    monkeypatch.setattr(bundles, "KEPT", -bundles.KEPT)
    services.forget_bundles()
    assert not kept()
