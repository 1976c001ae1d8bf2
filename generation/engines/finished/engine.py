"""The engine that changes nothing: what was brought is the work."""

from generation.engines.base import Artifact, Context, Engine, Request
from generation.engines.finished.declarations import PICTURE, FinishedParameters


class FinishedPicture(Engine[FinishedParameters]):
    """Hand the picture on, pixel for pixel."""

    def run(self, request: Request[FinishedParameters], context: Context) -> list[Artifact]:
        """Raises Cancelled."""
        [picture] = request.images(PICTURE)
        context.progress(1.0, picture, "Taken in")
        return [Artifact(image=picture)]
