"""An artist fills a dataset as a person would: a folder and a zip are chosen in Chromium, and shown with their fate."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.generation.learning.conftest import painted, zipped
from tests.journeys.conftest import House
from tests.journeys.test_commission_in_browser import CHROMIUM, PATIENCE, chromium, page, quiet, sign_in

__all__ = ["chromium", "page"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: apt install chromium)"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two classes, with something broken, something unreadable and something hidden in it."""
    works = tmp_path / "works"
    files = {f"{'sea' if number % 2 else 'sky'}/{number}.png": painted(number) for number in range(12)}
    files |= {"sea/broken.png": b"no picture", "sky/moving.gif": b"GIF89a", ".DS_Store": b"x", "readme.txt": b"x"}
    for name, data in files.items():
        (works / name).parent.mkdir(parents=True, exist_ok=True)
        (works / name).write_bytes(data)
    return works


def test_a_folder_and_a_zip_become_a_dataset_that_models_can_learn_from(
    page: Page, house: House, folder: Path, tmp_path: Path
) -> None:
    sign_in(page, house, "artist")
    page.get_by_role("link", name="Workshop").first.click()
    page.get_by_label("Name").fill(f"Harbours {tmp_path.name}")
    page.get_by_role("button", name="Begin it").click()
    page.wait_for_url("**/datasets/*/")

    page.get_by_label("I made it myself").check()
    page.get_by_label("Choose a folder").set_input_files(str(folder))
    expect(page.get_by_text("13 files sent.", exact=True)).to_be_visible()
    expect(page.get_by_label("Not sent")).to_contain_text("works/sky/moving.gif: only JPEG")
    archive = tmp_path / "more.zip"
    archive.write_bytes(zipped({f"rain/{number}.png": painted(100 + number) for number in range(3)}))
    page.get_by_label("Choose a zip file").set_input_files(str(archive))
    expect(page.get_by_text("1 file sent.", exact=True)).to_be_visible()

    state = page.get_by_label("What is in it")
    expect(state).to_contain_text("15 pictures to learn from", timeout=PATIENCE)
    expect(state).to_contain_text("Cannot be used: 1")
    quiet(page)
    page.get_by_label("Show").select_option("broken")
    expect(page.get_by_text("Send a JPEG, PNG, WebP or AVIF picture")).to_be_visible()
    quiet(page)
    page.get_by_role("button", name="Remove works/sea/broken.png").click()
    expect(page.get_by_text("None of this kind.")).to_be_visible()

    page.get_by_role("button", name="Close it for learning").click()
    expect(state).to_contain_text("Ready to learn from", timeout=PATIENCE)
    expect(page.get_by_role("button", name="Begin the next version")).to_be_visible()
