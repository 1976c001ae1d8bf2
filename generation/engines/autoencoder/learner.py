"""Training an autoencoder, as an engine."""

from generation.engines.autoencoder.declarations import KIND
from generation.engines.autoencoder.methods import ChosenMethod
from generation.engines.training.learner import Learner


class AutoencoderLearner(Learner):
    """Trains the kind of autoencoder that was chosen."""

    method, kind = ChosenMethod, KIND
