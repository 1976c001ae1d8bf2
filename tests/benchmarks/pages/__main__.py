"""What pages cost who looks at them: `python -m tests.benchmarks.pages [FOLDER [ADDRESS]]`.

In Chromium, each page anew with nothing kept: the largest paint, how far things shifted, what was fetched, how long the
page could not answer; and what axe finds. `ours` over `baseline` is the largest paint over the 2.5 seconds up to which
Web Vitals call it good. FOLDER gets screenshots in both lights and languages on phone and desktop. ADDRESS is that of a
running house; without one a furnished house is opened.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.reporting import report

SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1440, "height": 900}}
GOOD_PAINT = 2500.0  # milliseconds
LONG = 50.0  # milliseconds that a task may take before it keeps somebody waiting
ROUNDS = 3
SLOWER = {"phone": 4, "desktop": 1}  # a phone's processor, as Lighthouse takes it
SHOWN = {"wall": "/", "search": "/search/?q=flow", "collections": "/collections/", "exhibitions": "/exhibitions/"}
_WATCH = """
window.seen = {paint: 0, shift: 0, blocked: 0};
const watch = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe(
  {type, buffered: true});
watch("largest-contentful-paint", (entry) => { window.seen.paint = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) window.seen.shift += entry.value; });
watch("longtask", (entry) => { window.seen.blocked += Math.max(0, entry.duration - %d); });
"""


def main(folder: str = "", address: str = "") -> None:
    """Measure, and take pictures where a folder is given."""
    with _house(address) as url, sync_playwright() as playwright:
        binary = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=binary, args=["--headless=new", "--no-sandbox"])
        pages = {"wall": "/", "work": _first_work(browser, url)}
        for name, path in pages.items():
            for device in SIZES:
                _measure(browser, f"{url}{path}", name, device)
        if folder:
            _photograph(browser, url, pages | SHOWN, Path(folder))
        browser.close()


def _measure(browser: Browser, address: str, name: str, device: str) -> None:
    """One line: medians of some visits, each of somebody who was never here."""
    visits = sorted((_visit(browser, address, device) for _ in range(ROUNDS)), key=lambda seen: seen["paint"])
    seen = visits[len(visits) // 2]
    more = {key: round(value, 4) for key, value in seen.items() if key != "paint"}
    report(f"pages-{name}-{device}", seen["paint"], GOOD_PAINT, "ms to the largest paint", ROUNDS, **more)


def _visit(browser: Browser, address: str, device: str) -> dict[str, float]:
    with _page(browser, device) as page:
        page.add_init_script(_WATCH % LONG)
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER[device]})
        sizes: list[float] = []
        wire.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
        page.goto(address, wait_until="networkidle")
        found: dict[str, float] = page.evaluate("window.seen")
        violations = Axe().run(page).response["violations"]
        serious = [one["id"] for one in violations if one["impact"] in {"serious", "critical"}]
        return found | {"requests": len(sizes), "bytes": sum(sizes), "axe_serious": len(serious)}


def _photograph(browser: Browser, url: str, pages: dict[str, str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for device in SIZES:
        for language in ("en", "zh-hans"):
            for light in ("light", "dark"):
                with _page(browser, device) as page:
                    page.emulate_media(color_scheme="dark" if light == "dark" else "light")
                    page.set_extra_http_headers({"Accept-Language": language})
                    for name, path in pages.items():
                        page.goto(f"{url}{path}", wait_until="networkidle")
                        page.screenshot(path=folder / f"{name}-{device}-{language}-{light}.png")


def _first_work(browser: Browser, url: str) -> str:
    with _page(browser, "desktop") as page:
        page.goto(url)
        return str(page.locator("main a[href^='/works/']").first.get_attribute("href"))


@contextmanager
def _page(browser: Browser, device: str) -> Iterator[Page]:
    context = browser.new_context(viewport=SIZES[device], reduced_motion="reduce")  # type: ignore[arg-type]  # a literal
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@contextmanager
def _house(address: str) -> Iterator[str]:
    if address:
        yield address.rstrip("/")
        return
    from tests.journeys.conftest import close_house, open_house

    home = Path(tempfile.mkdtemp(prefix="atelier-pages-"))
    home.chmod(0o755)
    house = open_house(home)
    try:
        yield house.url
    finally:
        close_house(house)
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    main(*sys.argv[1:])
