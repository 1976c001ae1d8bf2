"""Invoices and credit notes: numbered without gaps, never changed, drawn once, and only for who paid."""

from collections.abc import Callable
from hashlib import sha256
from threading import Barrier, Thread

import pypdfium2
import pytest
from django.db import DatabaseError, connection, transaction
from rest_framework.test import APIClient

from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.storage import Bucket
from payments import selectors, services
from payments.errors import PaymentStateConflict
from payments.models import Paper, Payment
from tests.payments.provider import Provider, bought, make_purchase
from tests.payments.test_refunds import refund

pytestmark = pytest.mark.django_db(transaction=True)


def issue(payment: Payment, title: str = "Ink, 3 of 10") -> Paper:
    return services.issue_invoice(payment_id=payment.pk, title=title, detail="by Vera", seller="Vera Molnár")


def file_of(paper: Paper) -> bytes:
    key = storage.content_key("papers", services.draw_paper(paper_id=paper.pk).sha256, "pdf")
    return storage.get(Bucket.PRIVATE, key)


def text_of(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_an_invoice_says_who_sold_what_to_whom_and_is_kept_under_its_hash(user: User, provider: Provider) -> None:
    services.keep_billing(user=user, country="CN", name="王小明 😀", city="北京", postal_code="100000")
    paper = issue(bought(user, 1_234_567, currency="jpy"))
    data = file_of(paper)
    assert sha256(data).hexdigest() == Paper.objects.get().sha256
    told = text_of(data)
    expected = [
        paper.name,
        "Ink, 3 of 10",
        "on behalf of Vera Molnár",
        "王小明 ·",
        "100000 北京",
        "China",
        "¥1,234,567",
    ]
    for part in [*expected, "Visa ·4242", user.email]:
        assert part in told
    assert file_of(paper) == data


def test_a_chinese_invoice_says_everything_in_chinese_and_in_english(user: User, provider: Provider) -> None:
    user.language = "zh-hans"
    user.save()
    services.keep_billing(user=user, country="CN", name="王小明", city="北京", postal_code="100000")
    told = text_of(file_of(issue(bought(user, 1_234_567, currency="jpy"))))
    for part in [
        "发票 INVOICE",
        "代表 Vera Molnár",
        "on behalf of Vera Molnár",
        "王小明",
        "中国",
        "已付款 Paid JP¥1,234,567",
    ]:
        assert part in told
    assert "Nothing is left to be paid." in told


def test_a_second_asking_gives_the_same_invoice_and_nothing_unpaid_has_one(user: User, provider: Provider) -> None:
    payment = bought(user)
    assert issue(payment).pk == issue(payment).pk
    with pytest.raises(PaymentStateConflict):
        issue(make_purchase(user))
    assert Paper.objects.count() == 1


def test_what_goes_back_is_credited_whether_before_the_invoice_or_after(user: User, provider: Provider) -> None:
    payment = bought(user, 2_500)
    refund(payment, 1_000)
    invoice = issue(payment)
    later = refund(payment, 1_500)
    note = services.issue_credit_note(later)
    assert note is not None
    assert services.issue_credit_note(later) == note
    totals = [str(paper.total) for paper in selectors.papers_for(payment, user)]
    assert totals == ["€25.00", "-€10.00", "-€15.00"]
    assert f"for invoice {invoice.name}" in text_of(file_of(note))
    assert note.name.startswith("CN-")
    assert services.issue_credit_note(refund(bought(user))) is None  # nothing was invoiced


def test_numbers_have_no_gaps_though_some_give_up_and_all_come_at_once(user: User, provider: Provider) -> None:
    payments = [bought(user, 1_000 + number) for number in range(6)]
    start = Barrier(len(payments))

    def work(payment: Payment, gives_up: bool) -> None:
        start.wait()
        with transaction.atomic():
            issue(payment)
            transaction.set_rollback(gives_up)
        connection.close()

    threads = [Thread(target=work, args=(payment, number % 3 == 0)) for number, payment in enumerate(payments)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Paper.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


@pytest.mark.parametrize("change", [{"number": 9}, {"said": {}}, {"sha256": "f" * 64}])
def test_what_is_issued_stands(user: User, provider: Provider, change: dict[str, object]) -> None:
    paper = issue(bought(user))
    services.draw_paper(paper_id=paper.pk)
    with pytest.raises(DatabaseError, match="stands as it was issued"):
        Paper.objects.update(**change)
    with pytest.raises(DatabaseError, match="stands as it was issued"):
        paper.delete()


def test_only_who_paid_and_staff_may_fetch_it(
    user: User, make_user: Callable[..., User], client_of: Callable[[User], APIClient], provider: Provider
) -> None:
    paper = issue(bought(user))
    answers = [
        client_of(person).get(f"/api/v1/invoices/{paper.pk}/pdf/").status_code
        for person in (user, make_user(), make_user(is_staff=True))
    ]
    assert answers == [302, 404, 302]
    [listed] = client_of(user).get("/api/v1/invoices/").json()["results"]
    assert (listed["name"], listed["total"], listed["tax_amount"]) == (paper.name, "€25.00", 0)
    assert client_of(make_user()).get("/api/v1/invoices/").json()["results"] == []
