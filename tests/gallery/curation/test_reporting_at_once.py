"""A report that waited for somebody else's: what it finds afterwards counts, not what it saw before."""

import threading
import time

import pytest
from django.conf import LazySettings
from django.db import connection, connections, transaction

from gallery.models import Report
from gallery.services import curating
from generation.models import Artwork
from marketplace.accounts.models import Notification, User
from marketplace.core.errors import NotFound
from tests.gallery.curation.conftest import resident

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_at_once_that_hide_a_work_one_does_and_its_artist_is_told_once(
    artwork: Artwork, settings: LazySettings
) -> None:
    settings.ATELIER = settings.ATELIER.model_copy(update={"reports_to_hide": 1.0})
    first, second = resident(), resident()
    refused: list[NotFound] = []

    def report(person: User) -> None:
        try:
            curating.report_artwork(artwork_id=artwork.pk, reporter=person, reason="stolen", words="Mine.")
        except NotFound as error:
            refused.append(error)
        finally:
            connections.close_all()

    late = threading.Thread(target=report, args=(second,))
    with transaction.atomic():
        curating.report_artwork(artwork_id=artwork.pk, reporter=first, reason="stolen", words="I know the original.")
        late.start()
        _until_somebody_waits()
    late.join(10)
    assert len(refused) == 1, "it does not hang any more"
    assert Report.objects.get().reporter == first
    assert Notification.objects.filter(kind="work.hidden").count() == 1


def _until_somebody_waits() -> None:
    asked = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(asked)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")
