"""The audit log: every change of an audited row, by whom, kept as it was written."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from marketplace.accounts.models import Artist, User
from marketplace.core import outbox, periodic
from marketplace.core.audit import acting_as, audited
from marketplace.core.models import AuditEntry, OutboxEvent
from tests.marketplace.accounts.people import token_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def artist(user: User) -> Artist:
    return Artist.objects.create(user=user, slug="ada", name="Ada", bio="First.")


def history(artist: Artist) -> list[AuditEntry]:
    return list(AuditEntry.objects.of(artist))


def test_a_row_that_is_made_is_written_down_whole(artist: Artist) -> None:
    [made] = history(artist)
    assert (made.operation, made.before) == ("insert", None)
    assert made.after is not None
    assert (made.after["name"], made.after["slug"], made.after["id"]) == ("Ada", "ada", str(artist.pk))
    assert "updated_at" not in made.after


def test_an_update_tells_what_changed_and_nothing_else(artist: Artist) -> None:
    Artist.objects.filter(pk=artist.pk).update(name="Ada L.", bio="First.")
    change = history(artist)[-1]
    assert (change.operation, change.before, change.after) == ("update", {"name": "Ada"}, {"name": "Ada L."})


def test_an_update_that_changes_nothing_leaves_no_trace(artist: Artist) -> None:
    artist.save()  # `updated_at` alone
    assert len(history(artist)) == 1


def test_a_deleted_row_is_kept_in_the_log(artist: Artist) -> None:
    artist_id = artist.pk
    artist.delete()
    gone = AuditEntry.objects.get(row_id=str(artist_id), operation="delete")
    assert gone.before is not None
    assert (gone.before["slug"], gone.after) == ("ada", None)


def test_null_and_absent_are_told_apart(artist: Artist) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE core_scrap (id int PRIMARY KEY, note text, secret text)")
        cursor.execute(str(audited("core_scrap", leave_out=["secret"]).sql))
        cursor.execute("INSERT INTO core_scrap VALUES (1, NULL, 'x')")
        cursor.execute("UPDATE core_scrap SET note = 'seen'")
        cursor.execute("UPDATE core_scrap SET secret = 'y'")
    made, changed = AuditEntry.objects.filter(table="core_scrap").order_by("id")
    assert (made.after, changed.before, changed.after) == ({"id": 1, "note": None}, {"note": None}, {"note": "seen"})


def test_what_is_rolled_back_was_never_written(artist: Artist) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Artist.objects.filter(pk=artist.pk).update(name="Nobody")
        raise ZeroDivisionError
    assert len(history(artist)) == 1


def test_changes_of_one_transaction_share_a_number(artist: Artist, make_user: Callable[..., User]) -> None:
    other = Artist.objects.create(user=make_user(), slug="bea", name="Bea")
    assert history(artist)[0].transaction == history(other)[0].transaction


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_audit SET source = 'nobody'",
        "DELETE FROM core_audit",
        """INSERT INTO core_audit ("table", row_id, operation, source, request_id, transaction)
           VALUES ('accounts_artist', '1', 'update', 'me', '', 1)""",
    ],
)
def test_the_log_is_written_by_triggers_alone_and_never_changed(artist: Artist, statement: str) -> None:
    with pytest.raises(DatabaseError, match="core_audit is written by"), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_request_is_put_down_to_who_signed_in(user: User, api: APIClient, artist: Artist) -> None:
    api.patch("/api/v1/artists/ada/", {"name": "Ada L."}, format="json", headers={"X-Request-ID": "req-7"})
    changed = history(artist)[-1]
    assert (changed.person_id, changed.request_id, changed.source) == (user.pk, "req-7", "PATCH /api/v1/artists/ada/")


def test_a_token_is_put_down_to_its_person(user: User, artist: Artist) -> None:
    token_client(user, ["profile"]).patch("/api/v1/artists/ada/", {"name": "Ada L."}, format="json")
    assert history(artist)[-1].person_id == user.pk


def test_what_a_person_does_in_the_administration_is_theirs(artist: Artist, client: Any, make_user: Any) -> None:
    superuser = make_user(is_staff=True, is_superuser=True)
    client.force_login(superuser)
    page = f"/admin/accounts/artist/{artist.pk}/change/"
    assert client.post(page, {"name": "Ada Lovelace", "bio": "First."}).status_code == 302
    change = history(artist)[-1]
    assert (change.person_id, change.source, change.after) == (superuser.pk, f"POST {page}", {"name": "Ada Lovelace"})


def test_handlers_and_chores_act_in_their_own_name(artist: Artist, monkeypatch: pytest.MonkeyPatch) -> None:
    def rename(name: str) -> None:
        Artist.objects.filter(pk=artist.pk).update(name=name)

    told = outbox.Subscriber(lambda subject: rename(f"after {subject}"), None)
    monkeypatch.setitem(outbox._subscribers, "artist.seen", [told])
    with transaction.atomic():
        outbox.emit("artist.seen", "42")
    outbox.deliver(list(OutboxEvent.objects.filter(topic="artist.seen").values_list("pk", flat=True)))
    monkeypatch.setattr(periodic, "_chores", {"rename": periodic.Chore(lambda: rename("by a chore"), 1)})
    periodic.run_due(everything=True)
    _, handled, chored = history(artist)
    assert (handled.source, handled.request_id, handled.person_id) == ("event artist.seen", "42", None)
    assert chored.source == "chore rename"


def test_a_script_may_say_what_it_is_and_cannot_break_out_of_the_comment(artist: Artist) -> None:
    with acting_as("import */ DELETE FROM core_audit; -- %s", request_id="a b"):
        Artist.objects.filter(pk=artist.pk).update(name="100 %")
    change = history(artist)[-1]
    assert (change.source, change.request_id) == ("import _/ DELETE FROM core_audit_ -- _s", "a_b")


def test_nothing_is_asked_of_the_database_to_know_who_acts(artist: Artist, api: APIClient) -> None:
    with CaptureQueriesContext(connection) as asked:
        api.patch("/api/v1/artists/ada/", {"bio": "Second."}, format="json")
    said = [query["sql"] for query in asked if "/*by" in query["sql"]]
    assert [sql.split("*/ ")[1].split()[0] for sql in said] == ["UPDATE"]
    assert not [query for query in asked if "set_config" in query["sql"]]


def test_only_names_of_ours_are_audited() -> None:
    with pytest.raises(ValueError, match="names no table"):
        audited("orders'; DROP TABLE x; --")


def test_every_table_of_money_and_state_is_audited() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE tgname LIKE '%_audit'")
        tables = {name for (name,) in cursor.fetchall()}
    assert tables >= {
        "payments_payment", "listings_listing", "commissions_commission", "orders_ownership", "accounts_artist",
    }  # fmt: skip
