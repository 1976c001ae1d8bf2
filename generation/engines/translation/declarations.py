"""What the engines of translations are. No torch here: the web process reads this."""

from generation.engines.base import EngineDeclaration, InputSpec
from generation.engines.translation.parameters import TranslateParameters, TranslationTrainingParameters

KIND = "translation"
_HERE = "generation.engines.translation"

TRAIN_TRANSLATION = EngineDeclaration(
    name="train-translation",
    version="2",
    title="Train a translation",
    description="From two folders, one of photographs and one of your works, a model learns to turn the ones into the "
    "others. No photograph needs a work that shows the same.",
    medium=None,
    resource="gpu",
    trains=KIND,
    parameters=TranslationTrainingParameters,
    implementation=f"{_HERE}.learner:TranslationLearner",
)

TRANSLATE = EngineDeclaration(
    name="translate",
    version="2",
    title="Translation: your photograph",
    description="Your photograph, turned into what an artist's works look like.",
    medium="image",
    resource="gpu",
    runs_models=(KIND,),
    time_limit=300.0,
    parameters=TranslateParameters,
    implementation=f"{_HERE}.translate:Translate",
    inputs=(InputSpec(name="content", title="Photograph", help="The picture to be painted."),),
)
