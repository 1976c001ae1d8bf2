"""Invoices and credit notes over HTTP."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.accounts.api.authentication import signed_in
from payments import selectors, services
from payments.models import Paper


class PaperOut(serializers.ModelSerializer[Paper]):
    name = serializers.CharField(read_only=True, help_text="Series and number, such as INV-2026-000042.")
    corrects = serializers.UUIDField(source="corrects_id", read_only=True, allow_null=True, help_text="The invoice.")
    title = serializers.CharField(source="said.title", read_only=True)
    amount = serializers.IntegerField(source="said.total", read_only=True, help_text="Negative for a credit note.")
    tax_amount = serializers.IntegerField(source="said.tax", read_only=True, help_text="Of the amount.")
    currency = serializers.CharField(source="said.currency", read_only=True)
    total = serializers.CharField(read_only=True, help_text="For people, such as €25.00.")

    class Meta:
        model = Paper
        fields = [
            "id", "kind", "name", "payment", "corrects", "title", "amount", "tax_amount", "currency", "total",
            "issued_at", "sha256",
        ]  # fmt: skip
        read_only_fields = fields


class PapersView(ListAPIView[Paper]):
    """Your invoices, which are your receipts too, and credit notes; newest first."""

    serializer_class = PaperOut
    queryset = Paper.objects.none()
    filterset_fields = ["kind", "payment"]

    def get_queryset(self) -> QuerySet[Paper]:
        return selectors.papers_of(signed_in(self.request))


class PaperView(APIView):
    """One of them."""

    @extend_schema(responses=PaperOut)
    def get(self, request: Request, paper_id: UUID) -> Response:
        """What is on it, in numbers."""
        return Response(PaperOut(selectors.paper_by_id(signed_in(request), paper_id)).data)


class PaperFileView(APIView):
    """Its file."""

    @extend_schema(responses={302: OpenApiResponse(description="To the PDF; the address lapses in minutes.")})
    def get(self, request: Request, paper_id: UUID) -> Response:
        """The PDF."""
        paper = selectors.paper_by_id(signed_in(request), paper_id)
        return Response(status=status.HTTP_302_FOUND, headers={"Location": services.paper_url(paper=paper)})
