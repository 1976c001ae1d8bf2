"""Another picture by the API and on the pages: asked for, paid for, shown beside the first, taken as agreed."""

from collections.abc import Callable

from django.test import Client
from rest_framework.test import APIClient

from marketplace.accounts.models import User
from marketplace.commissions.models import Reroll
from tests.marketplace.staging import Stage
from tests.payments.provider import DECLINED, VISA

ClientOf = Callable[[User], APIClient]


def test_a_collector_asks_pays_and_takes_the_second_picture(
    stage: Stage, settle: Callable[[], None], client_of: ClientOf, client: Client, make_user: Callable[[], User]
) -> None:
    stage.listing.included_rerolls, stage.listing.most_rerolls = 0, 2
    stage.listing.save()
    order = stage.paid()
    settle()
    api, url = client_of(stage.collector), f"/api/v1/commissions/{order.pk}/"
    assert api.get(url).json()["rerolls_left"] == {"included": 0, "most": 2, "price_amount": 501}
    assert client_of(make_user()).post(f"{url}rerolls/", {}, format="json").status_code == 404

    asked = {"parameters": {"strength": 0.4}, "payment_method": DECLINED}
    declined = api.post(f"{url}rerolls/", asked, format="json")
    assert (declined.status_code, declined.json()["candidate"]) == (402, 2)
    client.force_login(stage.collector)
    page = client.get(f"/commissions/{order.pk}/").content.decode()
    assert "Another picture waits for your card: €5.01" in page
    assert "Authorise" in client.get(f"/commissions/{order.pk}/another/2/pay/").content.decode()
    paid = api.post(f"{url}rerolls/2/pay/", {"payment_method": VISA}, format="json")
    assert paid.json()["candidates"][1]["payment"]["state"] == "authorised"
    settle()

    body = api.get(url).json()
    assert [(one["number"], one["state"], one["price_amount"]) for one in body["candidates"]] == [
        (1, "shown", 0), (2, "shown", 501),
    ]  # fmt: skip
    assert body["candidates"][1]["preview_url"].startswith("http")
    page = client.get(f"/commissions/{order.pk}/").content.decode()
    assert page.count("Accept number") == 2
    assert "Strength 40 %" in page
    form = client.get(f"/commissions/{order.pk}/another/").content.decode()
    assert "Go on to pay" in form
    same = client.post(f"/commissions/{order.pk}/another/", {"request_key": "k", "strength": "0.4", "quality": "draft",
        "keep_colours": "0", "size": "256", "steps": "150", "features": "best"})  # fmt: skip
    assert (same.status_code, Reroll.objects.count()) == (422, 1)
    assert "the same picture" in same.content.decode()

    changed = api.post(f"{url}accept/", {"candidate": 2, "amount": 2501}, format="json")
    assert (changed.status_code, changed.json()["code"], changed.json()["amount"]) == (409, "total-changed", 3002)
    client.post(f"/commissions/{order.pk}/accept/", {"candidate": "2", "amount": "3002"})
    settle()
    body = api.get(url).json()
    assert (body["state"], [one["state"] for one in body["candidates"]]) == ("delivered", ["passed", "chosen"])
    page = client.get(f"/commissions/{order.pk}/").content.decode()
    assert "€30.02 were charged" in page
    assert "What else was painted" in page
