"""What happens in the background to what came for a dataset."""

from uuid import UUID

from generation import services
from marketplace.core.outbox import subscribe


@subscribe("dataset.picture-arrived")
def on_picture_arrived(picture_id: str) -> None:
    services.look_at_picture(picture_id=UUID(picture_id))


@subscribe("dataset.archive-arrived")
def on_archive_arrived(archive_id: str) -> None:
    services.unpack_archive(archive_id=UUID(archive_id))


@subscribe("dataset.freezing")
def on_dataset_freezing(dataset_id: str) -> None:
    services.pack_dataset(dataset_id=UUID(dataset_id))
