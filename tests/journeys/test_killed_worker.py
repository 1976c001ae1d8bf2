"""The worker dies in the middle of a commission: the work is delivered once and charged once all the same."""

import os
import signal

from tests.journeys.conftest import House, eventually
from tests.journeys.test_commission_by_api import charges, order, reach, upload


def test_a_commission_survives_the_death_of_its_worker(house: House) -> None:
    collector = house.client("collector")
    listing = collector.get("/listings/").json()["results"][0]
    photograph = upload(collector)
    larger = {"size": 2048, "strength": 1.0}
    ordered = order(collector, listing["id"], photograph, parameters=larger, payment_method="pm_card_visa").json()
    job = reach(collector, ordered["id"], "painting")["job"]
    eventually(lambda: house.query("SELECT 1 FROM generation_job WHERE id = %s AND state = 'running'", job) or None)

    os.killpg(house.pid_of("queues cpu gpu"), signal.SIGKILL)  # the supervisor starts another

    proof = reach(collector, ordered["id"], "proof")
    attempts = house.query("SELECT outcome FROM generation_attempt WHERE job_id = %s ORDER BY number", job)
    assert attempts == [("lost",), ("succeeded",)]
    assert house.query("SELECT count(*) FROM generation_artwork WHERE job_id = %s", job) == [(1,)]

    collector.post(f"/commissions/{ordered['id']}/accept/")
    reach(collector, ordered["id"], "delivered")
    assert charges(house, proof["payment"]["id"]) == ["succeeded", proof["price_amount"]]
    entries = house.query(
        "SELECT count(*) FROM payments_entry WHERE payment_id = %s AND kind = 'capture'", proof["payment"]["id"]
    )
    assert entries == [(1,)]
