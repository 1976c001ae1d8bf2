"""Training a house style, as an engine."""

from generation.engines.house_style.declarations import KIND
from generation.engines.house_style.method import HouseStyleMethod
from generation.engines.training.learner import Learner


class HouseStyleLearner(Learner):
    """Trains a painter of one manner."""

    method, kind = HouseStyleMethod, KIND
