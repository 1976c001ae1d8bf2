"""Pictures between Pillow and torch, and the small things every engine does with them."""

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image


def to_tensor(image: Image.Image, device: torch.device | None = None) -> torch.Tensor:
    """Turn a picture into numbers in 0..1, shaped (1, 3, height, width)."""
    pixels = torch.from_numpy(np.array(image.convert("RGB")))  # a copy: torch wants memory it may write to
    return pixels.to(device).permute(2, 0, 1)[None].float() / 255


def to_image(tensor: torch.Tensor) -> Image.Image:
    """Turn numbers in 0..1, shaped (1, 3, height, width), into a picture."""
    return Image.fromarray(to_pixels(tensor))


def to_pixels(tensor: torch.Tensor) -> npt.NDArray[np.uint8]:
    """Turn numbers in 0..1, shaped (1, 3, height, width), into bytes (height, width, 3)."""
    pixels = (tensor[0].clamp(0, 1) * 255 + 0.5).to(torch.uint8)
    return pixels.permute(1, 2, 0).contiguous().cpu().numpy()


def fitted_size(image: Image.Image, longest: int) -> tuple[int, int]:
    """Width and height of a picture once its longer side is `longest` pixels."""
    scale = longest / max(image.size)
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def fit(image: Image.Image, longest: int) -> Image.Image:
    """Resize a picture so that its longer side is `longest` pixels."""
    size = fitted_size(image, longest)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)


def centre_square(image: Image.Image, side: int) -> Image.Image:
    """Cut the largest square out of the middle and resize it to `side` pixels."""
    edge = min(image.size)
    left, top = (image.width - edge) // 2, (image.height - edge) // 2
    box = (left, top, left + edge, top + edge)
    return image.crop(box).resize((side, side), Image.Resampling.LANCZOS)
