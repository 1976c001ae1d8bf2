"""What the GAN engines are. No torch here: the web process reads this."""

from generation.engines.base import EngineDeclaration, InputSpec
from generation.engines.gan.parameters import (
    GanTrainingParameters,
    ProjectParameters,
    SampleParameters,
    WalkParameters,
)

KIND = "gan"

TRAIN_GAN = EngineDeclaration(
    name="train-gan",
    version="1",
    title="Train a GAN",
    description="A painter and a judge learn from your pictures, until one cannot tell new ones from yours.",
    medium=None,
    resource="gpu",
    trains=KIND,
    parameters=GanTrainingParameters,
    implementation="generation.engines.gan.learner:GanLearner",
)

GAN = EngineDeclaration(
    name="gan",
    version="1",
    title="GAN: a picture",
    description="A new picture from a trained model: every seed is another one.",
    medium="image",
    resource="gpu",
    runs_models=(KIND,),
    most_together=32,
    time_limit=120.0,
    parameters=SampleParameters,
    implementation="generation.engines.gan.sampling:Sampler",
)

GAN_WALK = EngineDeclaration(
    name="gan-walk",
    version="1",
    title="GAN: a film",
    description="A film that wanders from one picture of a model to the next.",
    medium="animation",
    resource="gpu",
    runs_models=(KIND,),
    time_limit=600.0,
    parameters=WalkParameters,
    implementation="generation.engines.gan.walking:Walker",
)

GAN_PROJECT = EngineDeclaration(
    name="gan-project",
    version="2",
    title="GAN: your portrait in a model",
    description="Your picture, as near as a trained model comes to it.",
    medium="image",
    resource="gpu",
    runs_models=(KIND,),
    time_limit=900.0,
    parameters=ProjectParameters,
    implementation="generation.engines.gan.projecting:Projector",
    inputs=(InputSpec(name="picture", title="Picture", help="What is looked for in the model."),),
)
