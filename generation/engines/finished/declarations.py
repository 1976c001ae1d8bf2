"""A picture that was finished elsewhere: taken into the house as it is. No torch here: the web process reads this."""

from generation.engines.base import EngineDeclaration, InputSpec, Parameters

PICTURE = "picture"


class FinishedParameters(Parameters):
    """Nothing is chosen: the picture stays as it is."""

    def memory_needed(self) -> int:
        """Nothing on a device."""
        return 0


FINISHED = EngineDeclaration(
    name="finished-picture",
    version="1",
    title="A finished picture",
    description="Takes in a picture as it is, so that it has previews, a proof and a certificate like any other work.",
    medium="image",
    resource="cpu",
    parameters=FinishedParameters,
    implementation="generation.engines.finished.engine:FinishedPicture",
    inputs=(InputSpec(name=PICTURE, title="Picture", help="Finished elsewhere."),),
)
