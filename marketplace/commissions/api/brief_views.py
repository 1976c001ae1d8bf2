"""Commissions by brief over HTTP: sent, talked about, quoted, paid, made, answered, disputed, decided."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts import selectors as accounts
from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.models import User
from marketplace.commissions import selectors
from marketplace.commissions.api.brief_serializers import (
    BriefIn,
    BriefOut,
    DecisionIn,
    EvidenceIn,
    EvidenceOut,
    InstalmentOut,
    MessageIn,
    OfferIn,
    PayInstalmentIn,
    ProofIn,
    ReasonIn,
    RecipeIn,
    RevisionIn,
    TermsIn,
    TermsOut,
    TipIn,
    WholeBriefOut,
)
from marketplace.commissions.models import Brief, Instalment
from marketplace.commissions.services import briefs
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.idempotency import current_key, idempotent
from marketplace.core.openapi import PAYS

Given = dict[str, Any]


class BriefsView(ListAPIView[Brief]):
    """What you asked for, or were asked for, newest first."""

    scopes = {"POST": "commission"}
    serializer_class = BriefOut
    queryset = Brief.objects.none()
    filterset_fields = ["state"]

    def get_queryset(self) -> QuerySet[Brief]:
        person = signed_in(self.request)
        side = self.request.query_params.get("as", "collector")
        if side == "staff" and person.is_staff:
            return selectors.disputed_briefs()
        return selectors.briefs_for(person) if side == "artist" else selectors.briefs_of(person)

    @extend_schema(parameters=[OpenApiParameter("as", OpenApiTypes.STR, enum=["collector", "artist", "staff"])])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """As a collector, as an artist, or, for staff, what is disputed."""
        return super().get(request, *args, **kwargs)

    @extend_schema(request=BriefIn, responses={201: WholeBriefOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Send a brief to an artist who takes commissions. Where their queue is full, it waits in line."""
        given = _given(BriefIn, request)
        slug, references = given.pop("artist"), given.pop("references")
        brief = briefs.send_brief(
            collector=signed_in(request),
            artist_slug=slug,
            wishes=briefs.Wishes(reference_ids=references, **given),
            request_key=current_key(request),
        )
        return _answer(request, brief.pk, status.HTTP_201_CREATED)


class BriefView(APIView):
    """One commission by brief."""

    @extend_schema(operation_id="briefs_retrieve", responses=WholeBriefOut)
    def get(self, request: Request, brief_id: UUID) -> Response:
        """With all that was said, offered, made and paid."""
        return _answer(request, brief_id)


def _step(
    name: str,
    says: str,
    takes: type[serializers.Serializer[Any]] | None,
    step: Callable[[User, UUID, Given], object],
    scope: str = "commission",
) -> type[APIView]:
    """The view of one step that a side takes: what is given, the one call that is made of it, and the whole brief."""

    class StepView(APIView):
        scopes = {"POST": scope}

        @extend_schema(operation_id=f"briefs_{name}", request=takes, responses=WholeBriefOut, description=says)
        @idempotent
        def post(self, request: Request, brief_id: UUID) -> Response:
            step(signed_in(request), brief_id, _given(takes, request) if takes else {})
            return _answer(request, brief_id)

    return StepView


MessageView = _step(
    "message", "Say something to the other side; it is kept.", MessageIn,
    lambda person, brief, given: briefs.write_message(
        author=person, brief_id=brief, text=given["text"], upload_ids=given["attachments"]
    ),
)  # fmt: skip
QuoteView = _step(
    "quote", "Quote a brief, or counter the other side's quote.", OfferIn,
    lambda person, brief, given: briefs.make_quote(author=person, brief_id=brief, offer=briefs.Offer(**given)),
)  # fmt: skip
DeclineView = _step(
    "decline", "Do not take a brief, as its artist.", ReasonIn,
    lambda person, brief, given: briefs.decline_brief(artist_user=person, brief_id=brief, reason=given["reason"]),
    "publish",
)  # fmt: skip
WithdrawView = _step(
    "withdraw", "Take a brief back, before its deposit is paid.", None,
    lambda person, brief, _: briefs.withdraw_brief(collector=person, brief_id=brief),
)  # fmt: skip
CandidateView = _step(
    "candidate", "Have a candidate made by the house's machines, or bring one finished, as its artist.", RecipeIn,
    lambda person, brief, given: _make(person, brief, given), "publish",
)  # fmt: skip
ProofView = _step(
    "proof", "Show a candidate, watermarked, for the collector to answer.", ProofIn,
    lambda person, brief, given: briefs.submit_proof(
        artist_user=person, brief_id=brief, candidate_id=given["candidate"], note=given["note"]
    ),
    "publish",
)  # fmt: skip
RevisionView = _step(
    "revision", "Ask for a change of the proof: at once if it is included, else once it is paid.", RevisionIn,
    lambda person, brief, given: briefs.ask_revision(collector=person, brief_id=brief, text=given["text"]),
)  # fmt: skip
AcceptView = _step(
    "accept", "Take the work: the balance is charged to a kept card, or is to be paid.", None,
    lambda person, brief, _: briefs.accept_proof(collector=person, brief_id=brief),
)  # fmt: skip
CancelView = _step(
    "cancel", "End it; `refund_on_cancelling_bps` says what goes back.", ReasonIn,
    lambda person, brief, given: briefs.cancel_brief(person=person, brief_id=brief, reason=given["reason"]),
)  # fmt: skip
DisputeView = _step(
    "dispute", "Say that it went wrong: nothing moves until staff decide. In an open dispute: bring more evidence.",
    EvidenceIn, lambda person, brief, given: _dispute(person, brief, given),
)  # fmt: skip
DecisionView = _step(
    "decision", "Decide a dispute, as staff: what goes back, and whether the collector has the proof.", DecisionIn,
    lambda person, brief, given: briefs.decide_dispute(staff=person, brief_id=brief, **given), "curate",
)  # fmt: skip


class AcceptQuoteView(APIView):
    """What the other side offers."""

    scopes = {"POST": "commission"}

    @extend_schema(operation_id="briefs_accept_quote", request=None, responses=WholeBriefOut)
    @idempotent
    def post(self, request: Request, brief_id: UUID, quote_id: UUID) -> Response:
        """Agree: the deposit is to be paid now."""
        briefs.accept_quote(person=signed_in(request), brief_id=brief_id, quote_id=quote_id)
        return _answer(request, brief_id)


class PayInstalmentView(APIView):
    """A deposit, a balance, an extra revision or a tip."""

    scopes = {"POST": "commission"}
    also_answers = PAYS
    throttle_scope = "spend"

    @extend_schema(operation_id="briefs_pay", request=PayInstalmentIn, responses=InstalmentOut)
    @idempotent
    def post(self, request: Request, brief_id: UUID, instalment_id: UUID) -> Response:
        """Pay it; without a method or a kept card, confirm in the browser with `client_secret`."""
        given = _given(PayInstalmentIn, request)
        briefs.pay_instalment(
            collector=signed_in(request),
            instalment_id=instalment_id,
            payment_method=given.get("payment_method"),
            saved_card=given["saved_card"],
        )
        return _instalment(request, instalment_id)


class TipView(APIView):
    """A tip for the artist."""

    scopes = {"POST": "commission"}
    also_answers = PAYS
    throttle_scope = "spend"

    @extend_schema(operation_id="briefs_tip", request=TipIn, responses={201: InstalmentOut})
    @idempotent
    def post(self, request: Request, brief_id: UUID) -> Response:
        """After delivery: all of it is the artist's."""
        given = _given(TipIn, request)
        tip = briefs.give_tip(collector=signed_in(request), brief_id=brief_id, amount=given["amount"])
        briefs.pay_instalment(
            collector=signed_in(request), instalment_id=tip.pk, payment_method=given.get("payment_method")
        )
        return _instalment(request, tip.pk, status.HTTP_201_CREATED)


class CaseView(APIView):
    """All there is about a commission, for staff who decide."""

    scopes = {"GET": "curate"}

    @extend_schema(operation_id="briefs_case", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, brief_id: UUID) -> HttpResponse:
        """One ZIP file: case.json, and every picture that was made, shown or brought."""
        content = selectors.case_file(signed_in(request), brief_id)
        disposition = f'attachment; filename="commission-{brief_id}.zip"'
        return HttpResponse(content, content_type="application/zip", headers={"Content-Disposition": disposition})


class TermsView(APIView):
    """On what terms an artist takes commissions by brief."""

    is_public = True
    scopes = {"PUT": "publish"}

    @extend_schema(operation_id="commission_terms_retrieve", responses=TermsOut)
    def get(self, request: Request, slug: str) -> Response:
        """Whether the door is open, from which price, under which licences."""
        terms = selectors.terms_of(accounts.artist_by_slug(slug))
        if terms is None:
            raise NotFound(gettext("This artist takes no commissions."))
        return Response(TermsOut(terms).data)

    @extend_schema(operation_id="commission_terms_update", request=TermsIn, responses=TermsOut)
    def put(self, request: Request, slug: str) -> Response:
        """Set your own."""
        person = signed_in(request)
        if accounts.artist_by_slug(slug).user_id != person.pk:
            raise NotFound(gettext("This is not you."))
        return Response(TermsOut(briefs.set_terms(artist_user=person, **_given(TermsIn, request))).data)


class EvidenceView(APIView):
    """What both sides brought forward in a dispute."""

    scopes = {"POST": "commission"}

    @extend_schema(operation_id="briefs_evidence_list", responses=EvidenceOut(many=True))
    def get(self, request: Request, brief_id: UUID) -> Response:
        """In its order, with addresses of the pictures for ten minutes; for both sides and for staff."""
        return self._answer(request, brief_id, status.HTTP_200_OK)

    @extend_schema(operation_id="briefs_evidence", request=EvidenceIn, responses={201: EvidenceOut(many=True)})
    @idempotent
    def post(self, request: Request, brief_id: UUID) -> Response:
        """Add words and pictures while the dispute is open; pictures are sent and checked by `POST /uploads/` first."""
        given = _given(EvidenceIn, request)
        briefs.bring_evidence(
            person=signed_in(request), brief_id=brief_id, text=given["text"], upload_ids=given["uploads"]
        )
        return self._answer(request, brief_id, status.HTTP_201_CREATED)

    def _answer(self, request: Request, brief_id: UUID, code: int) -> Response:
        brief = selectors.brief_for(signed_in(request), brief_id)
        return Response(EvidenceOut(selectors.evidence_of(brief), many=True).data, status=code)


def _make(person: User, brief_id: UUID, given: Given) -> object:
    if given["upload"] is not None:
        return briefs.bring_candidate(
            artist_user=person, brief_id=brief_id, upload_id=given["upload"], note=given["note"]
        )
    if "engine" not in given:
        raise InvalidInput(
            gettext("Made how?"), errors={"engine": [gettext("An engine, or a finished picture as `upload`.")]}
        )
    recipe = briefs.Recipe(
        engine=given["engine"], parameters=given["parameters"], seed=given["seed"], model_id=given["model"],
        uploads=list(given["uploads"].items()), artworks=list(given["artworks"].items()),
    )  # fmt: skip
    return briefs.make_candidate(artist_user=person, brief_id=brief_id, recipe=recipe, note=given["note"])


def _dispute(person: User, brief_id: UUID, given: Given) -> object:
    is_open = selectors.brief_for(person, brief_id).state == Brief.State.DISPUTED
    act = briefs.bring_evidence if is_open else briefs.open_dispute
    return act(person=person, brief_id=brief_id, text=given["text"], upload_ids=given["uploads"])


def _given(takes: type[serializers.Serializer[Any]], request: Request) -> Given:
    given = takes(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _answer(request: Request, brief_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    person = signed_in(request)
    brief = selectors.brief_for(person, brief_id)
    return Response(WholeBriefOut(brief, context={"reader": person}).data, status=code)


def _instalment(request: Request, instalment_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    person = signed_in(request)
    found = Instalment.objects.select_related("payment").get(pk=instalment_id, brief__collector=person)
    return Response(InstalmentOut(found, context={"reader": person}).data, status=code)
