"""What the engines of house styles are. No torch here: the web process reads this."""

from generation.engines.base import EngineDeclaration, InputSpec
from generation.engines.house_style.parameters import HouseStyleParameters, HouseStyleTrainingParameters

KIND = "house-style"
_HERE = "generation.engines.house_style"

TRAIN_HOUSE_STYLE = EngineDeclaration(
    name="train-house-style",
    version="2",
    title="Train a house style",
    description="From a folder of your works and one of photographs, a model learns to paint any photograph as you do.",
    medium=None,
    resource="gpu",
    trains=KIND,
    parameters=HouseStyleTrainingParameters,
    implementation=f"{_HERE}.learner:HouseStyleLearner",
)

HOUSE_STYLE = EngineDeclaration(
    name="house-style",
    version="1",
    title="House style: your photograph",
    description="Your photograph, painted by a model that has learnt one artist's manner and no other.",
    medium="image",
    resource="gpu",
    runs_models=(KIND,),
    time_limit=300.0,
    parameters=HouseStyleParameters,
    implementation=f"{_HERE}.paint:HouseStyle",
    inputs=(InputSpec(name="content", title="Photograph", help="The picture to be painted."),),
)
