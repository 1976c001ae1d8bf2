"""What the trainer asks of a way to learn: networks, a loss a phase, and pictures. The trainer does all the rest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

from generation.engines.training.collections import CollectionParameters
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.pictures import Halves, PictureSet

ParametersT = TypeVar("ParametersT", bound=TrainingParameters)
CollectionsT = TypeVar("CollectionsT", bound=CollectionParameters)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a method may know of the pictures before it sees them."""

    pictures: int  # to learn from, without those held out
    classes: tuple[str, ...] = ()  # names of the folders that pictures lay in; none where there are no classes


@dataclass(frozen=True)
class Phase:
    """A part of one step: which weights it moves, and how."""

    name: str
    trained: nn.Module
    optimiser: torch.optim.Optimizer


@dataclass(frozen=True)
class Loss:
    """What a phase minimises, with the parts of it that the learning curve shows (detached scalars)."""

    total: Tensor
    parts: Mapping[str, Tensor] = field(default_factory=dict)


class Method(ABC, Generic[ParametersT]):
    """A way to learn pictures.

    Pictures are float tensors N x 3 x R x R in -1..1 on the method's device. All chance comes from the generator that
    is handed in (a CPU generator; draw there, then move), so that a resumed run goes on as if nothing had happened.
    """

    def __init__(self, parameters: ParametersT, facts: Facts, device: torch.device) -> None:
        """Make the networks; the trainer has seeded torch for their first weights."""
        self.parameters, self.facts, self.device = parameters, facts, device

    @property
    @abstractmethod
    def networks(self) -> nn.ModuleDict:
        """Everything that has weights or buffers: what a checkpoint keeps."""

    @property
    @abstractmethod
    def kept(self) -> nn.Module:
        """The network that is the model (a generator, an autoencoder): its moving average is what is published."""

    @property
    @abstractmethod
    def phases(self) -> Sequence[Phase]:
        """What is done one after the other in each step (for a GAN: discriminator, generator)."""

    @abstractmethod
    def loss(self, phase: str, pictures: Tensor, classes: Tensor, generator: torch.Generator) -> Loss:
        """The loss of one phase on some pictures (classes: N integers), computed under the trainer's autocast."""

    @property
    def shown(self) -> Sequence[Sequence[int]] | None:
        """Of which classes each batch has in turn one picture; None: pictures come as they lie."""
        return None

    def begin(self, pictures: PictureSet) -> None:
        """Called once before the first step, and before a checkpoint is read: look at all pictures."""

    def validation_loss(self, kept: nn.Module, pictures: Tensor, classes: Tensor) -> Tensor | None:
        """The mean loss on pictures held out; None where only the samples can be judged (by KID)."""
        return None

    def remade(self, kept: nn.Module, pictures: Tensor) -> Tensor | None:
        """Pictures that were encoded and decoded again, -1..1; None where the method only makes new ones."""
        return None

    def measures(self, kept: nn.Module, pictures: Tensor) -> dict[str, float]:
        """What else can be measured of the given version of the kept network, by pictures held out (-1..1)."""
        return {}

    def fitted(self, kept: nn.Module, pictures: Tensor) -> Mapping[str, Tensor]:
        """Buffers of `kept` that are not learnt step by step, but reckoned from the pictures to learn from (uint8).

        They are reckoned before each validation; the training's own networks and the average are given them.
        """
        return {}

    def after_step(self, images: int) -> None:
        """Called when a step is done, with the number of pictures shown so far: schedules move here."""

    def state(self) -> dict[str, float]:
        """Numbers beyond the networks' weights that a resumed run needs (an augmentation strength, say)."""
        return {}

    def load_state(self, state: Mapping[str, float]) -> None:
        """Take back what `state` gave."""

    @abstractmethod
    def describe(self) -> dict[str, object]:
        """What is needed to build `kept` again, as JSON: it is written beside the weights into the model's file."""


class SamplingMethod(Method[ParametersT]):
    """A way to learn whose model makes pictures from noise."""

    @abstractmethod
    def sample(self, kept: nn.Module, count: int, generator: torch.Generator, classes: Tensor | None = None) -> Tensor:
        """Make `count` pictures by the given version of the kept network (its moving average, say)."""


class RepaintingMethod(Method[CollectionsT]):
    """A way to learn from two collections, whose model paints photographs anew.

    `halves`: the classes of the photographs, and those of what they should become like.
    """

    def __init__(self, parameters: CollectionsT, facts: Facts, device: torch.device) -> None:
        super().__init__(parameters, facts, device)
        self.halves: Halves = parameters.halves(facts.classes)

    @property
    def shown(self) -> Sequence[Sequence[int]]:
        """Both halves; a method that knows all of one from the beginning leaves it out."""
        return self.halves

    @abstractmethod
    def repaint(self, kept: nn.Module, photographs: Tensor) -> Tensor:
        """What the given version of the kept network makes of photographs, both N x 3 x R x R in -1..1."""
