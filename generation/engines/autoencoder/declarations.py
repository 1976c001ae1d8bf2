"""What the autoencoders' engines are. No torch here: the web process reads this."""

from generation.engines.autoencoder.parameters import (
    MOST_EXAMPLES,
    MOST_STOPS,
    ArithmeticParameters,
    AutoencoderTrainingParameters,
    ReconstructParameters,
    SampleParameters,
    WalkParameters,
)
from generation.engines.base import EngineDeclaration, InputSpec

KIND = "autoencoder"
_HERE = "generation.engines.autoencoder"

TRAIN_AUTOENCODER = EngineDeclaration(
    name="train-autoencoder",
    version="1",
    title="Train an autoencoder",
    description="Your pictures become a model that remakes, mixes and dreams up pictures like them.",
    medium=None,
    resource="gpu",
    parameters=AutoencoderTrainingParameters,
    implementation=f"{_HERE}.learner:AutoencoderLearner",
    trains=KIND,
)

AUTOENCODER = EngineDeclaration(
    name="autoencoder",
    version="2",
    title="Autoencoder: a picture",
    description="A new picture by an artist's autoencoder, for each seed another.",
    medium="image",
    resource="gpu",
    time_limit=300.0,
    parameters=SampleParameters,
    implementation=f"{_HERE}.sample:Sample",
    runs_models=(KIND,),
)

AUTOENCODER_RECONSTRUCT = EngineDeclaration(
    name="autoencoder-reconstruct",
    version="1",
    title="Autoencoder: your portrait in a model",
    description="Your picture, as a model that has only ever seen an artist's pictures understands it.",
    medium="image",
    resource="gpu",
    time_limit=300.0,
    parameters=ReconstructParameters,
    implementation=f"{_HERE}.reconstruct:Reconstruct",
    inputs=(InputSpec(name="picture", title="Picture", help="What is remade; its middle square is used."),),
    runs_models=(KIND,),
)

AUTOENCODER_WALK = EngineDeclaration(
    name="autoencoder-walk",
    version="2",
    title="Autoencoder: a film",
    description="A film in which one picture becomes the next: yours, or those that a seed stands for.",
    medium="animation",
    resource="gpu",
    parameters=WalkParameters,
    implementation=f"{_HERE}.walk:Walk",
    inputs=(
        InputSpec(
            name="pictures",
            title="Pictures",
            help="Where the film begins and what it passes; without them the seed decides.",
            required=False,
            many=True,
            most=MOST_STOPS,
        ),
    ),
    runs_models=(KIND,),
)

AUTOENCODER_ARITHMETIC = EngineDeclaration(
    name="autoencoder-arithmetic",
    version="1",
    title="Autoencoder: attribute arithmetic",
    description="Your picture, with what some pictures have and others have not.",
    medium="image",
    resource="gpu",
    time_limit=300.0,
    parameters=ArithmeticParameters,
    implementation=f"{_HERE}.arithmetic:Arithmetic",
    inputs=(
        InputSpec(name="picture", title="Picture", help="The picture to be changed."),
        InputSpec(name="with", title="With", help="Pictures that have it.", many=True, most=MOST_EXAMPLES),
        InputSpec(name="without", title="Without", help="Pictures that lack it.", many=True, most=MOST_EXAMPLES),
    ),
    runs_models=(KIND,),
)
