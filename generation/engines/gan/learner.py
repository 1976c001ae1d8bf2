"""Training a GAN, as an engine."""

from generation.engines.gan.declarations import KIND
from generation.engines.gan.method import FewShotGan
from generation.engines.training.learner import Learner


class GanLearner(Learner):
    """Trains the few-shot GAN, or the plain DCGAN."""

    method, kind = FewShotGan, KIND
