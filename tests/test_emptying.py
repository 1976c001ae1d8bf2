"""After a test that commits the database is as Django's own flush would leave it."""

import pytest
from django.contrib.auth.models import Permission

from marketplace.accounts.models import User
from marketplace.core.models import OutboxEvent
from payments.models import Payment
from tests.emptying import Emptying
from tests.payments.provider import make_payment


@pytest.fixture
def emptying(transactional_db: None) -> Emptying:
    """One that has flushed already, as all but the first test find it."""
    emptying = Emptying()
    emptying()
    return emptying


def test_what_a_test_wrote_is_gone_guarded_or_not_and_what_belongs_to_the_house_stays(emptying: Emptying) -> None:
    furniture = set(Permission.objects.values_list("pk", "codename"))
    make_payment(User.objects.create_user(email="a@example.com", display_name="A"))
    OutboxEvent.objects.create(topic="test.happened", subject_id="1")
    emptying()
    assert not any(model.objects.exists() for model in (User, Payment, OutboxEvent))
    assert set(Permission.objects.values_list("pk", "codename")) == furniture


def test_what_belongs_to_the_house_is_made_anew_if_a_test_has_touched_it(emptying: Emptying) -> None:
    furniture = set(Permission.objects.values_list("codename", flat=True))
    Permission.objects.filter(codename="view_user").update(codename="peep")
    emptying()
    assert set(Permission.objects.values_list("codename", flat=True)) == furniture
