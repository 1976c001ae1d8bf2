"""Curation over HTTP: the queue, decisions and their undoing, many at once; what artists ask and people report."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from gallery.models import (
    LONGEST_WORDS,
    Appeal,
    BulkAction,
    Case,
    Cause,
    Decision,
    Reason,
    Report,
    ReportReason,
    Verdict,
)
from gallery.selectors import curating as selectors
from gallery.services import curating
from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.models import User
from marketplace.accounts.selectors import artist_of

CURATE = {"GET": "curate", "HEAD": "curate", "POST": "curate"}


class FlagOut(serializers.Serializer[Any]):
    """Something about a work that speaks against it."""

    kind = serializers.CharField()
    said = serializers.CharField()
    other = serializers.UUIDField(source="other.pk", default=None, help_text="The other work, where it is about one.")


class DecisionOut(serializers.ModelSerializer[Decision]):
    """What one curator did with one work, and how it was before and after."""

    curator = serializers.CharField(source="curator.name", read_only=True)
    reason = serializers.ChoiceField(choices=Reason.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Decision
        fields = [
            "id", "artwork", "case", "curator", "verdict", "reason", "words", "before", "after", "bulk", "undone_at",
            "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class CaseOut(serializers.ModelSerializer[Case]):
    """A question about a work, for curators."""

    title = serializers.CharField(source="artwork.display_title", read_only=True)
    visibility = serializers.CharField(source="artwork.visibility", read_only=True)
    causes = serializers.ListField(child=serializers.ChoiceField(choices=Cause.choices), read_only=True)
    claimed_by = serializers.CharField(source="claimed_by.name", default=None, read_only=True, allow_null=True)
    picture_url = serializers.SerializerMethodField(help_text="A path of this house, for who may see the work.")

    class Meta:
        model = Case
        fields = [
            "id", "artwork", "title", "visibility", "state", "causes", "report_count", "words", "waiting_since",
            "version", "claimed_by", "claimed_until", "picture_url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_picture_url(self, case: Case) -> str:
        return f"/works/{case.artwork_id}/picture/"


class ReportedOut(serializers.ModelSerializer[Report]):
    """A report as curators see it, with who made it; of somebody without an account the address they gave."""

    name = serializers.CharField(source="said_by")

    class Meta:
        model = Report
        fields = ["id", "reason", "words", "name", "email", "weight", "created_at"]
        read_only_fields = fields


class AppealedOut(serializers.ModelSerializer[Appeal]):
    """An appeal as curators see it: whose words, against whose decision."""

    person = serializers.CharField(source="person.name", default=None, allow_null=True)
    curator = serializers.CharField(source="decision.curator.name")

    class Meta:
        model = Appeal
        fields = ["id", "decision", "curator", "person", "words", "created_at"]
        read_only_fields = fields


class CaseDetailOut(CaseOut):
    """A case with its flags, what people say against the work, what is said against a decision, and earlier ones."""

    flags = serializers.SerializerMethodField()
    reports = serializers.SerializerMethodField()
    appeal = serializers.SerializerMethodField()
    is_for_another = serializers.SerializerMethodField(
        help_text="It is an appeal against a decision of yours: another curator answers it, or you take that back."
    )
    decisions = serializers.SerializerMethodField()

    class Meta(CaseOut.Meta):
        fields = [*CaseOut.Meta.fields, "flags", "reports", "appeal", "is_for_another", "decisions"]
        read_only_fields = fields

    @extend_schema_field(ReportedOut(many=True))
    def get_reports(self, case: Case) -> Any:
        return ReportedOut(selectors.reports_on(case.artwork), many=True).data

    @extend_schema_field(AppealedOut(allow_null=True))
    def get_appeal(self, case: Case) -> Any:
        appeal = selectors.appeal_on(case.artwork)
        return AppealedOut(appeal).data if appeal else None

    def get_is_for_another(self, case: Case) -> bool:
        return selectors.is_for_another(case, self.context["curator"])

    @extend_schema_field(FlagOut(many=True))
    def get_flags(self, case: Case) -> Any:
        return FlagOut(selectors.flags_of(case), many=True).data

    @extend_schema_field(DecisionOut(many=True))
    def get_decisions(self, case: Case) -> Any:
        return DecisionOut(selectors.decisions_on(case.artwork), many=True).data


class DecideIn(serializers.Serializer[Any]):
    """A verdict; a reason where the artist is turned away, and words that they read."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    reason = serializers.ChoiceField(choices=Reason.choices, required=False, allow_blank=True, default="")
    words = serializers.CharField(max_length=LONGEST_WORDS, required=False, allow_blank=True, default="")
    version = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=2**31 - 1,
        help_text="The case's as you saw it: where it moved on, nothing is done (409).",
    )  # fmt: skip


class DecideManyIn(serializers.Serializer[Any]):
    """One verdict about up to a hundred works."""

    artworks = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=100)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    reason = serializers.ChoiceField(choices=Reason.choices, required=False, allow_blank=True, default="")
    words = serializers.CharField(max_length=LONGEST_WORDS, required=False, allow_blank=True, default="")


class FailureOut(serializers.Serializer[Any]):
    """A work that it could not be done with, and why."""

    artwork = serializers.UUIDField()
    code = serializers.CharField()
    detail = serializers.CharField()


class BulkOut(serializers.ModelSerializer[BulkAction]):
    """What was asked for many works, and what failed."""

    failures = FailureOut(many=True, read_only=True)
    reason = serializers.ChoiceField(choices=Reason.choices, allow_blank=True, read_only=True)

    class Meta:
        model = BulkAction
        fields = ["id", "verdict", "reason", "words", "asked", "failures", "undone_at", "created_at"]
        read_only_fields = fields


class BulkUndoneOut(serializers.Serializer[Any]):
    """What of it could not be undone."""

    failures = FailureOut(many=True)


class ReportIn(serializers.Serializer[Any]):
    """What is wrong with a work; without an account, also who says so."""

    reason = serializers.ChoiceField(choices=ReportReason.choices)
    words = serializers.CharField(max_length=LONGEST_WORDS, required=False, allow_blank=True, default="")
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    email = serializers.EmailField(required=False, allow_blank=True, default="")


class ReportOut(serializers.ModelSerializer[Report]):
    """A report as whoever made it sees it."""

    class Meta:
        model = Report
        fields = ["id", "artwork", "reason", "words", "state", "created_at"]
        read_only_fields = fields


class WordsIn(serializers.Serializer[Any]):
    """The artist's words to the curators."""

    words = serializers.CharField(max_length=LONGEST_WORDS, required=False, allow_blank=True, default="")


class AppealOut(serializers.ModelSerializer[Appeal]):
    """An appeal and how it stands."""

    class Meta:
        model = Appeal
        fields = ["id", "decision", "words", "state", "created_at"]
        read_only_fields = fields


class SubmissionOut(serializers.ModelSerializer[Case]):
    """A case as the work's artist sees it."""

    class Meta:
        model = Case
        fields = ["id", "artwork", "state", "words", "waiting_since"]
        read_only_fields = fields


class CasesView(APIView):
    """The queue."""

    scopes = CURATE

    @extend_schema(
        operation_id="curator_cases_list", responses=CaseOut(many=True),
        parameters=[
            OpenApiParameter("cause", str, enum=Cause.values),
            OpenApiParameter("order", str, enum=list(selectors.ORDERS)),
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """What waits for you, up to five hundred works; yours wait for others."""
        cause, order = request.query_params.get("cause", ""), request.query_params.get("order", "")
        return Response(CaseOut(selectors.queue_of(signed_in(request), cause=cause, order=order), many=True).data)


class CaseView(APIView):
    """One case."""

    scopes = CURATE

    @extend_schema(operation_id="curator_cases_retrieve", responses=CaseDetailOut)
    def get(self, request: Request, case_id: UUID) -> Response:
        """With its flags, and what was decided before."""
        curator = signed_in(request)
        return Response(CaseDetailOut(selectors.case_for(curator, case_id), context={"curator": curator}).data)


class ClaimView(APIView):
    """Having a case to oneself."""

    scopes = CURATE

    @extend_schema(operation_id="curator_cases_claim", request=None, responses=CaseOut)
    def post(self, request: Request, case_id: UUID) -> Response:
        """Nobody else decides about it for some minutes (`CLAIM_MINUTES`)."""
        curating.claim_case(case_id=case_id, curator=signed_in(request))
        return Response(CaseOut(selectors.case_for(signed_in(request), case_id)).data)


class DecideView(APIView):
    """Deciding about a work."""

    scopes = CURATE

    @extend_schema(operation_id="artworks_decide", request=DecideIn, responses=DecisionOut)
    def post(self, request: Request, artwork_id: UUID) -> Response:
        """Approve, reject, ask for changes, hide, feature; whoever is concerned is told."""
        given = _given(DecideIn, request)
        verdict = Verdict(given.pop("verdict"))
        decision = curating.decide(artwork_id=artwork_id, curator=signed_in(request), verdict=verdict, **given)
        return Response(DecisionOut(decision).data)


class UndoDecisionView(APIView):
    """Undoing a decision."""

    scopes = CURATE

    @extend_schema(operation_id="curator_decisions_undo", request=None, responses=DecisionOut)
    def post(self, request: Request, decision_id: UUID) -> Response:
        """The work, its case, reports and appeal are as they were before; it must be the last about the work."""
        return Response(DecisionOut(curating.undo_decision(decision_id=decision_id, curator=signed_in(request))).data)


class BulkView(APIView):
    """Deciding about many works."""

    scopes = CURATE

    @extend_schema(operation_id="curator_bulk_create", request=DecideManyIn, responses=BulkOut)
    def post(self, request: Request) -> Response:
        """Each work for itself: `failures` names those that it could not be done with."""
        given = _given(DecideManyIn, request)
        verdict, works = Verdict(given.pop("verdict")), given.pop("artworks")
        bulk = curating.decide_many(artwork_ids=works, curator=signed_in(request), verdict=verdict, **given)
        return Response(BulkOut(bulk).data)


class UndoBulkView(APIView):
    """Undoing what was done with many works."""

    scopes = CURATE

    @extend_schema(operation_id="curator_bulk_undo", request=None, responses=BulkUndoneOut)
    def post(self, request: Request, bulk_id: UUID) -> Response:
        """All of it that still stands."""
        _bulk, failures = curating.undo_bulk(bulk_id=bulk_id, curator=signed_in(request))
        return Response(BulkUndoneOut({"failures": failures}).data)


class ReportView(APIView):
    """Reporting a work, with an account or without."""

    permission_classes = [AllowAny]

    @property
    def throttle_scope(self) -> str:
        return "report" if self.request.user.is_authenticated else "notice"

    @extend_schema(operation_id="artworks_report", request=ReportIn, responses={201: ReportOut})
    def post(self, request: Request, artwork_id: UUID) -> Response:
        """One report a person and work. Without an account give `name`, `email` and `words`: a notice."""
        given = _given(ReportIn, request)
        if isinstance(request.user, User):
            said = {"reason": given["reason"], "words": given["words"]}
            report = curating.report_artwork(artwork_id=artwork_id, reporter=request.user, **said)
        else:
            report = curating.give_notice(artwork_id=artwork_id, **given)
        return Response(ReportOut(report).data, status=201)


class SubmissionView(APIView):
    """Asking curators to hang a work."""

    scopes = {"POST": "publish", "DELETE": "publish"}

    @extend_schema(operation_id="artworks_submit", request=WordsIn, responses=SubmissionOut)
    def post(self, request: Request, artwork_id: UUID) -> Response:
        """Ask for it, or again after a change that was asked for."""
        words = _given(WordsIn, request)["words"]
        case = curating.submit_artwork(artwork_id=artwork_id, artist=signed_in(request), words=words)
        return Response(SubmissionOut(case).data)

    @extend_schema(operation_id="artworks_submit_withdraw", responses={200: SubmissionOut})
    def delete(self, request: Request, artwork_id: UUID) -> Response:
        """Ask no longer."""
        case = curating.withdraw_submission(artwork_id=artwork_id, artist=signed_in(request))
        return Response(SubmissionOut(case).data)


class AppealView(APIView):
    """Appealing against a decision."""

    @property
    def scopes(self) -> dict[str, str]:
        """Artists have `publish`; whoever owns a work that was taken down appeals as they would resell it."""
        person = self.request.user
        is_artist = isinstance(person, User) and artist_of(person) is not None
        return {"POST": "publish" if is_artist else "trade"}

    @extend_schema(operation_id="decisions_appeal", request=WordsIn, responses={201: AppealOut})
    def post(self, request: Request, decision_id: UUID) -> Response:
        """Once, by its artist or by who owns it, with words; another curator answers, where there is one."""
        words = _given(WordsIn, request)["words"]
        appeal = curating.appeal_decision(decision_id=decision_id, person=signed_in(request), words=words)
        return Response(AppealOut(appeal).data, status=201)


def _given(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
