"""What looks at pictures so that they can be found again. No torch here: the web process reads this."""

from pydantic import Field

from generation.engines.base import EngineDeclaration, InputSpec, Parameters

PICTURE = "picture"
STYLE_WIDTH, COLOUR_WIDTH = 128, 64
# Whose numbers they are: those of another network, or another version, are never compared with these.
NETWORK, VERSION = "efficientnet-lite0", 1
# Of what is compared with the pictures that a model learnt from, and of the rule by which one is too near.
MEMORY_WIDTH, MEMORY_VERSION = 1024, 2
# The names under which colours are asked for; `colours.py` says which colour is which.
FAMILIES = (
    "black", "grey", "white", "brown", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink",
)  # fmt: skip


class LookParameters(Parameters):
    """Whether it is compared with what a model learnt from."""

    resolution: int = Field(
        0, ge=0, le=2048, title="Resolution",
        description="Side of the squares that a model learnt from, to compare the picture with them; 0: with none.",
    )  # fmt: skip

    def batch_shape(self) -> str:
        """Whatever their sizes, several are looked at in one order."""
        return "look"

    def draws(self) -> bool:
        """Chance has no part in it."""
        return False


LOOK = EngineDeclaration(
    name="look",
    version=str(VERSION),
    title="A look at a picture",
    description="Says in numbers how a picture is made and which colours it has, so that the like can be found.",
    medium=None,
    resource="cpu",
    parameters=LookParameters,
    implementation="generation.engines.looks.engine:Looking",
    inputs=(InputSpec(name=PICTURE, title="Picture", help="What is looked at."),),
    most_together=16,
    time_limit=30.0,
)
