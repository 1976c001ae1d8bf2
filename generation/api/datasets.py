"""Datasets over HTTP: begun, described, filled with pictures, frozen, revised, withdrawn and deleted."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation import selectors, services
from generation.models import Dataset
from marketplace.accounts.api.authentication import signed_in


class CreateDataset(serializers.Serializer[Any]):
    """A dataset to begin."""

    name = serializers.CharField(max_length=80)
    description = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class DescribeDataset(serializers.Serializer[Any]):
    """What is to be different about a draft."""

    name = serializers.CharField(max_length=80, required=False)
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class DatasetOut(serializers.ModelSerializer[Dataset]):
    """One version of a dataset."""

    usable = serializers.IntegerField(read_only=True, help_text="How many of its pictures can be learnt from.")

    class Meta:
        model = Dataset
        fields = ["id", "name", "version", "description", "state", "usable", "frozen_at", "created_at", "updated_at"]
        read_only_fields = fields


class SummaryOut(serializers.Serializer[Any]):
    """What is in a dataset; classes, splits and consents are of what can be learnt from."""

    states = serializers.DictField(child=serializers.IntegerField())
    classes = serializers.DictField(child=serializers.IntegerField(), help_text="Without a class: the empty name.")
    splits = serializers.DictField(child=serializers.IntegerField())
    consents = serializers.DictField(child=serializers.IntegerField())
    problems = serializers.DictField(child=serializers.IntegerField(), help_text="By the problem's code.")
    augmentation = serializers.ChoiceField(
        choices=["none", "light", "full"], help_text="What a training should do to its pictures, by how many there are."
    )


class DatasetWithSummaryOut(DatasetOut):
    """A dataset and what is in it."""

    summary = serializers.SerializerMethodField()

    class Meta(DatasetOut.Meta):
        fields = [*DatasetOut.Meta.fields, "summary"]
        read_only_fields = fields

    @extend_schema_field(SummaryOut)
    def get_summary(self, dataset: Dataset) -> dict[str, Any]:
        return dict(SummaryOut(selectors.summary_of(dataset)).data)


class DatasetsView(ListAPIView[Dataset]):
    """Your datasets, newest first."""

    scopes = {"POST": "upload"}
    serializer_class = DatasetOut
    filterset_fields = ["state", "name"]
    queryset = Dataset.objects.none()

    def get_queryset(self) -> QuerySet[Dataset]:
        return selectors.datasets_of(signed_in(self.request))

    @extend_schema(operation_id="datasets_create", request=CreateDataset, responses={201: DatasetWithSummaryOut})
    def post(self, request: Request) -> Response:
        """Begin a dataset; artists do."""
        given = CreateDataset(data=request.data)
        given.is_valid(raise_exception=True)
        dataset = services.create_dataset(owner=signed_in(request), **given.validated_data)
        return _answer(request, dataset.pk, status.HTTP_201_CREATED)


class DatasetView(APIView):
    """One of your datasets."""

    scopes = {"PATCH": "upload", "DELETE": "upload"}

    @extend_schema(operation_id="datasets_retrieve", responses=DatasetWithSummaryOut)
    def get(self, request: Request, dataset_id: UUID) -> Response:
        """How it stands, and what is in it."""
        return _answer(request, dataset_id)

    @extend_schema(operation_id="datasets_partial_update", request=DescribeDataset, responses=DatasetWithSummaryOut)
    def patch(self, request: Request, dataset_id: UUID) -> Response:
        """Change a draft's name or description."""
        given = DescribeDataset(data=request.data)
        given.is_valid(raise_exception=True)
        services.describe_dataset(dataset_id=dataset_id, owner=signed_in(request), **given.validated_data)
        return _answer(request, dataset_id)

    @extend_schema(operation_id="datasets_destroy", responses={204: None})
    def delete(self, request: Request, dataset_id: UUID) -> Response:
        """Delete a dataset that nothing has learnt from, with all that is in it."""
        services.delete_dataset(dataset_id=dataset_id, owner=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class FreezeView(APIView):
    """Closing a dataset."""

    scopes = {"POST": "upload"}

    @extend_schema(operation_id="datasets_freeze", request=None, responses=DatasetWithSummaryOut)
    def post(self, request: Request, dataset_id: UUID) -> Response:
        """Close a draft and have it packed: it is `freezing`, and soon `frozen`. What never arrived is given up."""
        services.freeze_dataset(dataset_id=dataset_id, owner=signed_in(request))
        return _answer(request, dataset_id)


class ReviseView(APIView):
    """Beginning a dataset's next version."""

    scopes = {"POST": "upload"}

    @extend_schema(operation_id="datasets_revise", request=None, responses={201: DatasetWithSummaryOut})
    def post(self, request: Request, dataset_id: UUID) -> Response:
        """Begin the next version of a frozen dataset with the same pictures; one that is begun already is returned."""
        revised = services.revise_dataset(dataset_id=dataset_id, owner=signed_in(request))
        return _answer(request, revised.pk, status.HTTP_201_CREATED)


class WithdrawView(APIView):
    """Withdrawing a dataset."""

    scopes = {"POST": "upload"}

    @extend_schema(operation_id="datasets_withdraw", request=None, responses=DatasetWithSummaryOut)
    def post(self, request: Request, dataset_id: UUID) -> Response:
        """Let nothing new be learnt from a frozen dataset, nor made with its models. May be repeated, and undone."""
        services.withdraw_dataset(dataset_id=dataset_id, owner=signed_in(request))
        return _answer(request, dataset_id)


class RestoreView(APIView):
    """Bringing a withdrawn dataset back."""

    scopes = {"POST": "upload"}

    @extend_schema(operation_id="datasets_restore", request=None, responses=DatasetWithSummaryOut)
    def post(self, request: Request, dataset_id: UUID) -> Response:
        """Undo a withdrawal: the models that went with the dataset are what they were before. May be repeated."""
        services.restore_dataset(dataset_id=dataset_id, owner=signed_in(request))
        return _answer(request, dataset_id)


def _answer(request: Request, dataset_id: UUID, status_code: int = status.HTTP_200_OK) -> Response:
    dataset = selectors.dataset_by_id(dataset_id, signed_in(request))
    return Response(DatasetWithSummaryOut(dataset).data, status=status_code)
