"""Notifications over HTTP: read, marked as read, and which of them come by e-mail."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts import selectors, services
from marketplace.accounts.api.authentication import signed_in
from marketplace.accounts.models import GROUPS, Notification
from marketplace.core.said import SaidField

MOST_AT_ONCE = 500


class NotificationOut(serializers.ModelSerializer[Notification]):
    """One thing that you were told."""

    group = serializers.CharField(source="about.group", read_only=True)
    link = serializers.CharField(read_only=True, help_text="A path of this house's pages, or nothing.")

    class Meta:
        model = Notification
        fields = ["id", "kind", "group", "title", "body", "link", "created_at", "read_at"]
        read_only_fields = fields


class WhichOnes(serializers.Serializer[Any]):
    """Some of one's notifications, or all of them."""

    ids = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_AT_ONCE, help_text="Left out: all of them."
    )


class UnreadOut(serializers.Serializer[Any]):
    """How many you have not read."""

    unread = serializers.IntegerField(help_text="100 stands for that many or more.")


class EmailChoiceOut(serializers.Serializer[Any]):
    """A group of notifications, and whether you have e-mails of it."""

    group = serializers.CharField(source="code")
    title = SaidField(source="group.title")
    help = SaidField(source="group.help")
    essential = serializers.BooleanField(source="group.essential", help_text="E-mails of it cannot be switched off.")
    wanted = serializers.BooleanField()


class EmailChoiceIn(serializers.Serializer[Any]):
    """Whether you want e-mails of a group."""

    wanted = serializers.BooleanField()


class NotificationsView(ListAPIView[Notification]):
    """What you were told."""

    serializer_class = NotificationOut
    queryset = Notification.objects.none()

    @extend_schema(
        operation_id="notifications_list",
        parameters=[
            OpenApiParameter("group", str, enum=list(GROUPS), description="Only of this group."),
            OpenApiParameter("unread", bool, description="true: only what you have not read."),
        ],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What you were told, newest first."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Notification]:
        asked = self.request.query_params
        unread = asked.get("unread", "").lower() in {"true", "1"}
        return selectors.notifications_of(signed_in(self.request), group=asked.get("group", ""), unread=unread)


class UnreadView(APIView):
    """How many are not read."""

    @extend_schema(operation_id="notifications_unread", responses=UnreadOut)
    def get(self, request: Request) -> Response:
        """How many of your notifications you have not read."""
        return Response({"unread": selectors.unread_of(signed_in(request))})


class ReadView(APIView):
    """Marking as read."""

    scopes = {"POST": "profile"}

    @extend_schema(operation_id="notifications_read", request=WhichOnes, responses=UnreadOut)
    def post(self, request: Request) -> Response:
        """Mark some of your notifications as read, or all; those of others, and unknown ones, are passed over."""
        given = WhichOnes(data=request.data)
        given.is_valid(raise_exception=True)
        person = signed_in(request)
        services.mark_notifications_read(person=person, notification_ids=given.validated_data.get("ids"))
        return Response({"unread": selectors.unread_of(person)})


class EmailChoicesView(APIView):
    """Which groups come by e-mail."""

    @extend_schema(operation_id="notifications_emails_list", responses=EmailChoiceOut(many=True))
    def get(self, request: Request) -> Response:
        """Every group of notifications, and whether you have e-mails of it."""
        return Response(EmailChoiceOut(selectors.email_choices_of(signed_in(request)), many=True).data)


class EmailChoiceView(APIView):
    """One group's e-mails."""

    scopes = {"PUT": "profile"}

    @extend_schema(
        operation_id="notifications_emails_update", request=EmailChoiceIn, responses=EmailChoiceOut(many=True)
    )
    def put(self, request: Request, group: str) -> Response:
        """Have e-mails of a group, or none; answers with all your choices."""
        given = EmailChoiceIn(data=request.data)
        given.is_valid(raise_exception=True)
        person = signed_in(request)
        services.choose_emails(person=person, group=group, wanted=given.validated_data["wanted"])
        return Response(EmailChoiceOut(selectors.email_choices_of(person), many=True).data)
