"""A collector has a photograph painted in an artist's style, as a program would: through the API alone."""

import io
import json
import uuid
from importlib import resources
from typing import Any

import httpx
from PIL import Image

from tests.journeys.conftest import House, eventually


# Photographs that no work on the wall was painted from: what resembles one waits for a curator.
def upload(client: httpx.Client, name: str = "ihc.png") -> str:
    """Upload one of scikit-image's photographs and return its id."""
    data = (resources.files("skimage") / "data" / name).read_bytes()
    asked = client.post("/uploads/", json={"filename": name, "media_type": "image/png", "size": len(data)})
    assert asked.status_code == 201, asked.text
    target = asked.json()["upload"]
    assert httpx.request(target["method"], target["url"], content=data, headers=target["headers"]).is_success
    done = client.post(f"/uploads/{asked.json()['id']}/complete/")
    assert done.json()["state"] == "ready", done.text
    return str(asked.json()["id"])


def order(client: httpx.Client, listing: str, photograph: str, **more: Any) -> httpx.Response:
    """Order a painting with a fresh key."""
    body = {"listing": listing, "photograph": photograph, "parameters": {"size": 512, "strength": 0.9}} | more
    return client.post("/commissions/", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})


def reach(client: httpx.Client, commission: str, *states: str) -> dict[str, Any]:
    """Wait until the commission is in one of `states`."""

    def look() -> dict[str, Any] | None:
        seen: dict[str, Any] = client.get(f"/commissions/{commission}/").json()
        return seen if seen["state"] in states else None

    return eventually(look)


def charges(house: House, payment: str) -> list[Any]:
    """What the payment provider holds for this payment: [status, amount received]."""
    [(intent,)] = house.query("SELECT intent_id FROM payments_payment WHERE id = %s", payment)
    seen = house.sandbox.get(f"/v1/payment_intents/{intent}").json()
    return [seen["status"], seen["amount_received"]]


def test_the_wall_shows_at_least_24_works_and_each_picture_decodes(house: House) -> None:
    assert httpx.get(f"{house.url}/readyz").status_code == 200
    hung, url = [], f"{house.url}/api/v1/artworks/"
    while url:
        page = httpx.get(url).json()
        hung += page["results"]
        url = page["next"]
    assert len(hung) >= 24
    assert {work["engine"] for work in hung} == {
        "arbitrary-style", "flow-field", "strange-attractor", "reaction-diffusion",
    }  # fmt: skip
    for work in hung:
        files = httpx.get(f"{house.url}/api/v1/artworks/{work['id']}/").json()["files"]
        assert {(file["role"], file["format"]) for file in files} >= {("preview", "webp"), ("preview", "avif")}
        for file in files:
            picture = Image.open(io.BytesIO(httpx.get(file["url"]).content))
            picture.load()
            assert (picture.width, picture.height) == (file["width"], file["height"])


def test_a_commission_from_the_order_to_the_collection(house: House) -> None:
    collector = house.client("collector")
    listing = collector.get("/listings/").json()["results"][0]
    ordered = order(collector, listing["id"], upload(collector), payment_method="pm_card_visa")
    assert ordered.status_code == 201, ordered.text
    commission = ordered.json()["id"]

    proof = reach(collector, commission, "proof")
    with collector.stream("GET", f"/jobs/{proof['job']}/events/") as stream:
        last = [line for line in stream.iter_lines() if line.startswith("data:")][-1]
    assert json.loads(last.removeprefix("data:"))["state"] == "succeeded"
    payment = proof["payment"]["id"]
    assert charges(house, payment) == ["requires_capture", 0]

    assert collector.post(f"/commissions/{commission}/accept/").status_code == 200
    delivered = reach(collector, commission, "delivered")
    assert charges(house, payment) == ["succeeded", listing["price_amount"]]
    assert delivered["artist_amount"] + delivered["platform_amount"] == listing["price_amount"]

    owned = collector.get("/collection/").json()["results"]
    assert [work["style_artist"] for work in owned if work["artwork"] == delivered["artwork"]] == [listing["artist"]]
    artwork = collector.get(f"/artworks/{delivered['artwork']}/").json()
    original = Image.open(io.BytesIO(httpx.get(artwork["original_url"]).content))
    assert max(original.size) == 512

    credit = house.query(
        "SELECT sum(p.amount) FROM payments_posting p JOIN payments_account a ON a.id = p.account_id"
        " JOIN payments_entry e ON e.id = p.entry_id WHERE e.payment_id = %s AND a.code LIKE 'payee:%%'",
        payment,
    )
    assert abs(int(str(credit[0][0]))) == delivered["artist_amount"]


def test_a_declined_card_makes_no_job_and_another_card_can_be_tried(house: House) -> None:
    collector = house.client("collector")
    listing = collector.get("/listings/").json()["results"][1]["id"]
    refused = order(collector, listing, upload(collector, "gravel.png"), payment_method="pm_card_chargeDeclined")
    assert (refused.status_code, refused.json()["code"]) == (402, "payment-declined")
    assert "declined" in refused.json()["detail"]
    commission = refused.json()["commission"]
    waiting = collector.get(f"/commissions/{commission}/").json()
    assert (waiting["state"], waiting["job"]) == ("awaiting_payment", None)

    paid = collector.post(f"/commissions/{commission}/pay/", json={"payment_method": "pm_card_visa"})
    assert paid.status_code == 200
    assert reach(collector, commission, "proof")["artwork"]
    assert collector.post(f"/commissions/{commission}/decline/").json()["state"] == "declined"
    eventually(lambda: charges(house, waiting["payment"]["id"])[0] == "canceled" or None)


def test_the_same_order_sent_twice_is_one_commission(house: House) -> None:
    collector = house.client("collector")
    listing = collector.get("/listings/").json()["results"][2]["id"]
    body = {"listing": listing, "photograph": upload(collector, "brick.png"), "parameters": {"size": 256}}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first, second = (collector.post("/commissions/", json=body, headers=key) for _ in range(2))
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    cancelled = collector.post(f"/commissions/{first.json()['id']}/cancel/")
    assert cancelled.json()["state"] == "cancelled"
