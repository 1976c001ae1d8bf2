"""Training a translation, as an engine."""

from generation.engines.training.learner import Learner
from generation.engines.translation.declarations import KIND
from generation.engines.translation.method import CollectionTranslation


class TranslationLearner(Learner):
    """Trains a painter of photographs from two collections."""

    method, kind = CollectionTranslation, KIND
