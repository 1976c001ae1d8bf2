"""What every engine that makes films lets people choose. No torch and no Pillow here: the web process reads this."""

import math

from pydantic import Field, ValidationInfo, field_validator

from generation.engines.base import Effort, Parameters

# All frames together: what a worker keeps of a film without loss, at about a byte a pixel, fits into its memory.
MOST_FILM_PIXELS = 128_000_000
_MILLION = 1_000_000
_NETWORK_BYTES = 64 * 1024 * 1024


class FilmParameters(Parameters):
    """How large a film is, and how long."""

    efforts = tuple(
        Effort(
            f"up-to-{most}-million", f"Up to {most} million pixels in all frames", percent,
            most={"film_pixels": most * _MILLION},
        )
        for most, percent in ((16, 100), (48, 200), (MOST_FILM_PIXELS // _MILLION, 400))
    )  # fmt: skip

    size: int = Field(256, ge=32, le=1024, title="Size", description="The side of the film, in pixels.")
    frames_per_second: int = Field(20, ge=5, le=30, title="Frames a second", description="How smooth it is.")
    seconds: float = Field(
        6.0, ge=0.5, le=30.0, title="Seconds", validate_default=True,
        description=f"How long it takes; its frames have {MOST_FILM_PIXELS // 1_000_000} million pixels at most.",
    )  # fmt: skip
    loop: bool = Field(True, title="Loop", description="The film ends where it begins.")

    @field_validator("seconds")
    @classmethod
    def _fits_into_memory(cls, seconds: float, info: ValidationInfo) -> float:
        """Refuse what no worker could keep; a field that is wrong itself is told of instead."""
        size, rate = info.data.get("size"), info.data.get("frames_per_second")
        if size and rate and frames_in(seconds, rate) * size * size > MOST_FILM_PIXELS:
            longest = math.floor(MOST_FILM_PIXELS / (size * size * rate) * 10) / 10
            raise ValueError(f"At this size and with {rate} frames a second, at most {longest} seconds.")
        return seconds

    @property
    def frame_count(self) -> int:
        """How many frames that makes, two at least."""
        return frames_in(self.seconds, self.frames_per_second)

    @property
    def film_pixels(self) -> int:
        """The pixels of all frames together."""
        return self.frame_count * self.size * self.size

    @property
    def frame_seconds(self) -> float:
        """How long each frame is shown."""
        return 1.0 / self.frames_per_second

    def memory_needed(self) -> int:
        """The widest layers, and all frames twice: as a reel keeps them, and as the film that is made of them."""
        return _NETWORK_BYTES + 2 * self.film_pixels


def frames_in(seconds: float, frames_per_second: int) -> int:
    """How many frames a film of so many seconds has."""
    return max(2, math.ceil(seconds * frames_per_second))
