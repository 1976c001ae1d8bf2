"""The benchmark of the catalogue fills a house as the product would have: or what it measures is something else."""

import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from gallery.models import Card
from tests.benchmarks.catalog import cards, filling
from tests.benchmarks.catalog.wishes import Offer
from tests.benchmarks.catalog.wrk import Walk

LISTINGS = 40


@pytest.mark.django_db
def test_works_it_writes_have_the_cards_that_the_product_draws() -> None:
    filling.write(Offer(LISTINGS))
    filling.check()
    cards.write_span((0, LISTINGS))
    cards.check_cards()
    assert Card.objects.count() == LISTINGS
    assert Card.objects.filter(on_sale=True).exists()


@pytest.mark.skipif(shutil.which("wrk") is None, reason="no wrk on this machine (Debian: apt install wrk)")
def test_a_walk_goes_on_where_it_ended_and_tells_of_failures() -> None:
    paths: list[str] = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(404 if self.path == "/gone" else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *said: object, **more: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_port}"
        try:
            walk = Walk(url, [f"/{number}" for number in range(100_000)])
            first = walk.go(1, connections=1)
            before = len(paths)
            walk.go(1, connections=1)
            numbers = [int(path[1:]) for path in paths]
            assert numbers[:before] == list(range(numbers[0], numbers[0] + before))
            # wrk tries the first path once, and may have had one on its way when it ended.
            assert numbers[0] <= 1
            assert abs(numbers[before] - first.requests) <= 2
            with pytest.raises(RuntimeError, match="failed"):
                Walk(url, ["/gone"]).go(1, connections=1)
        finally:
            server.shutdown()
