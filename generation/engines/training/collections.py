"""What is chosen where two collections are learnt from: photographs, and works. No torch here: the web reads this."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field, model_validator

from generation.engines.training.parameters import Classes, TrainingParameters

_FEWEST = 2  # of each collection, to learn from


class CollectionParameters(TrainingParameters):
    """The choices of whatever learns to paint photographs anew: which classes of the dataset are which."""

    batch_size: int = Field(
        8, ge=2, le=1024, multiple_of=2, title="Batch size",
        description="Pictures a step, on all devices: half of them photographs, half of them works.",
    )  # fmt: skip
    photographs: str = Field(
        "photographs", min_length=1, max_length=100, title="Photographs", json_schema_extra={"empty": "photographs"},
        description="The class of the dataset that holds what is painted anew.",
    )  # fmt: skip
    works: str = Field(
        "", max_length=100, title="Works", json_schema_extra={"empty": "all others"},
        description="The class that says what it becomes like; empty: all others.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _collections_are_two(self) -> Self:
        """Refuse one class as both; and parts of a step that do not hold as many of each."""
        if self.photographs == self.works:
            raise ValueError("Photographs and works are two classes.")
        if self.batch_size % (2 * self.accumulate):
            raise ValueError("The batch size must be divisible by twice the number of parts that a step is cut into.")
        return self

    def halves(self, names: Sequence[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The numbers of the classes of photographs, and of works, among a dataset's classes."""
        photographs = tuple(number for number, name in enumerate(names) if name == self.photographs)
        works = tuple(
            number for number, name in enumerate(names)
            if (name == self.works if self.works else name != self.photographs)
        )  # fmt: skip
        return photographs, works

    def problems_with_classes(self, counts: Classes) -> dict[str, list[str]]:
        """Say which collection the dataset lacks, or has too little of."""
        names = list(counts)
        if not names:
            return {"photographs": ["The dataset has no classes: lay photographs in one folder, works in another."]}
        problems = {}
        for field, numbers in zip(("photographs", "works"), self.halves(names), strict=True):
            found = [counts[names[number]] for number in numbers]
            if not found:
                problems[field] = [f"The dataset has no such class. There are: {', '.join(names)}."]
            elif sum(some.get("train", 0) for some in found) < _FEWEST:
                problems[field] = [f"At least {_FEWEST} of these are needed to learn from: add some more."]
            elif not sum(some.get("validation", 0) + some.get("test", 0) for some in found):
                problems[field] = ["None of these is held out to measure by: add some more."]
        return problems
