"""Applications over HTTP: written and handed in by who applies, decided by curators."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.models import User
from marketplace.artists import selectors, services
from marketplace.artists.api.application_serializers import (
    ApplicationIn,
    ApplicationOut,
    ArtistTermsOut,
    NoteIn,
    SubmitIn,
    WhyIn,
)
from marketplace.artists.models import CURRENT_TERMS, Application
from marketplace.core.errors import PermissionRefused

Given = dict[str, Any]


class ArtistTermsView(APIView):
    """What artists agree to."""

    is_public = True

    @extend_schema(operation_id="artist_terms_retrieve", responses=ArtistTermsOut)
    def get(self, request: Request) -> Response:
        """The present version: name it when you hand in your application."""
        return Response(ArtistTermsOut(CURRENT_TERMS).data)


class ApplicationsView(ListAPIView[Application]):
    """Applications to be an artist, newest first."""

    scopes = {"POST": "profile"}
    serializer_class = ApplicationOut
    queryset = Application.objects.none()
    filterset_fields = ["state"]

    def get_queryset(self) -> QuerySet[Application]:
        person = signed_in(self.request)
        if self.request.query_params.get("as") != "curator":
            return selectors.applications_of(person)
        if not person.is_curator:
            raise PermissionRefused(gettext("Curators alone read others' applications."))
        return selectors.applications_for_curators()

    @extend_schema(parameters=[OpenApiParameter("as", OpenApiTypes.STR, enum=["applicant", "curator"])])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Your own; or, for curators, everybody's that were handed in."""
        return super().get(request, *args, **kwargs)

    @extend_schema(operation_id="artist_applications_write", request=ApplicationIn, responses=ApplicationOut)
    def post(self, request: Request) -> Response:
        """Write yours, or write the one that you have begun anew; hand it in when it is complete."""
        given = _given(ApplicationIn, request)
        said = services.Said(upload_ids=given.pop("uploads"), artwork_ids=given.pop("artworks"), **given)
        application = services.write_application(applicant=signed_in(request), said=said)
        return _answer(request, application.pk)


class ApplicationView(APIView):
    """One application."""

    @extend_schema(operation_id="artist_applications_retrieve", responses=ApplicationOut)
    def get(self, request: Request, application_id: UUID) -> Response:
        """What it says and shows, and what became of it."""
        return _answer(request, application_id)


def _step(
    name: str,
    says: str,
    scope: str,
    takes: type[serializers.Serializer[Any]] | None,
    step: Callable[[User, UUID, Given], object],
) -> type[APIView]:
    """The view of one arrow of an application's life."""

    class StepView(APIView):
        scopes = {"POST": scope}

        @extend_schema(
            operation_id=f"artist_applications_{name}", request=takes, responses=ApplicationOut, description=says
        )
        def post(self, request: Request, application_id: UUID) -> Response:
            step(signed_in(request), application_id, _given(takes, request) if takes else {})
            return _answer(request, application_id)

    return StepView


SubmitView = _step(
    "submit", "Hand it in, agreeing to the terms.", "profile", SubmitIn,
    lambda person, pk, given: services.submit_application(applicant=person, application_id=pk, **given),
)  # fmt: skip
WithdrawView = _step(
    "withdraw", "Take it back.", "profile", None,
    lambda person, pk, _given: services.withdraw_application(applicant=person, application_id=pk),
)  # fmt: skip
ApproveView = _step(
    "approve", "For curators: they are an artist of the house from now on.", "curate", NoteIn,
    lambda person, pk, given: services.approve_application(curator=person, application_id=pk, **given),
)  # fmt: skip
RejectView = _step(
    "reject", "For curators: turn it down, and say why.", "curate", WhyIn,
    lambda person, pk, given: services.reject_application(curator=person, application_id=pk, **given),
)  # fmt: skip
AskChangesView = _step(
    "ask_changes", "For curators: ask for something else first.", "curate", WhyIn,
    lambda person, pk, given: services.ask_changes(curator=person, application_id=pk, **given),
)  # fmt: skip
ReopenView = _step(
    "reopen", "For curators: undo a decision. An artist whom it had made is suspended meanwhile.", "curate", None,
    lambda person, pk, _given: services.reopen_application(curator=person, application_id=pk),
)  # fmt: skip


def _given(takes: type[serializers.Serializer[Any]], request: Request) -> Given:
    given = takes(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _answer(request: Request, application_id: UUID) -> Response:
    application = selectors.application_for(signed_in(request), application_id)
    return Response(ApplicationOut(application).data, status=status.HTTP_200_OK)
