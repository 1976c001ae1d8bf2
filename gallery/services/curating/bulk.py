"""One verdict about many works: each is decided and kept for itself, what fails is told, and it is undone as one."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.models import BulkAction, Decision, Verdict
from gallery.services.curating.cases import require_curator
from gallery.services.curating.deciding import decide
from gallery.services.curating.undoing import undo_decision
from generation.errors import NothingToUndo
from marketplace.accounts.models import User
from marketplace.core.errors import AtelierError, InvalidInput, NotFound

MOST = 100
VERDICTS = (Verdict.APPROVE, Verdict.REJECT, Verdict.HIDE, Verdict.FEATURE, Verdict.UNFEATURE)


def decide_many(
    *, artwork_ids: Sequence[UUID], curator: User, verdict: Verdict, reason: str = "", words: str = ""
) -> BulkAction:
    """Decide about up to a hundred works; `failures` names those that could not be, and why.

    Raises PermissionRefused; InvalidInput where there are too many or none, or a reason is missing.
    """
    require_curator(curator)
    chosen = list(dict.fromkeys(artwork_ids))
    if not 0 < len(chosen) <= MOST or verdict not in VERDICTS:
        raise InvalidInput(_("Choose works."), errors={"artworks": [_("From 1 to %(most)d.") % {"most": MOST}]})
    bulk = BulkAction.objects.create(
        curator=curator, verdict=verdict, reason=reason, words=words.strip(), asked=len(chosen)
    )
    try:
        for artwork_id in chosen:
            _try(bulk, artwork_id, curator)
    except InvalidInput:
        bulk.delete()  # the reason is wrong for each of them: nothing was done
        raise
    bulk.save(update_fields=["failures", "updated_at"])
    return bulk


def undo_bulk(*, bulk_id: UUID, curator: User) -> tuple[BulkAction, list[dict[str, str]]]:
    """Undo all of it that still stands; return it, and what could not be undone, each with why.

    It counts as undone once nothing of it stands. Raises PermissionRefused, NotFound, NothingToUndo.
    """
    require_curator(curator)
    bulk = BulkAction.objects.filter(pk=bulk_id).first()
    if bulk is None:
        raise NotFound(_("There is no such action."))
    standing = list(Decision.objects.standing().filter(bulk=bulk).order_by("-id"))
    if not standing:
        raise NothingToUndo(_("Nothing of it stands any more."))
    failures = []
    for decision in standing:
        try:
            undo_decision(decision_id=decision.pk, curator=curator)
        except AtelierError as error:
            failures.append(_failure(decision.artwork_id, error))
    if not failures:
        bulk.undone_at, bulk.undone_by = timezone.now(), curator
        bulk.save(update_fields=["undone_at", "undone_by", "updated_at"])
    return bulk, failures


def _try(bulk: BulkAction, artwork_id: UUID, curator: User) -> None:
    try:
        with transaction.atomic():
            decide(
                artwork_id=artwork_id, curator=curator, verdict=Verdict(bulk.verdict), reason=bulk.reason,
                words=bulk.words, bulk=bulk,
            )  # fmt: skip
    except InvalidInput:
        raise
    except AtelierError as error:
        bulk.failures.append(_failure(artwork_id, error))


def _failure(artwork_id: UUID, error: AtelierError) -> dict[str, str]:
    return {"artwork": str(artwork_id), "code": error.code, "detail": error.detail}
