"""What a renderer asks for beside the colour, guessed from it: height, normals, roughness, occlusion.

A photograph does not tell depth. These are the usual guesses, and they are only that: what is lighter than its
surroundings is taken to stand out, what changes at close range to be rough. Where the texture tiles, so do its maps.
"""

import torch
from torch import Tensor
from torch.nn import functional

from generation.engines.colour import to_oklab
from generation.engines.texture.declarations import Shows

_FORMS = (1 / 128, 1 / 32, 1 / 8)  # how large what stands out may be, as shares of the side
_HOLLOWS = (1 / 64, 1 / 16)  # how wide the hollows are that little light gets into
_FINE, _AROUND = 1 / 256, 1 / 128  # roughness is contrast finer than the one, within the other
_STEEPNESS = 0.02  # how deep the surface is at full relief, as a share of the side
_DARKEST = 2.0  # how much of a hollow's depth is taken off the light at full relief


def drawn(picture: Tensor, shows: Shows, *, tiling: bool, relief: float) -> Tensor:
    """Draw one map of a texture (3, side, side) in 0..1, or the texture itself: (3, side, side) in 0..1."""
    if shows == "colour":
        return picture
    lightness = to_oklab(picture.permute(1, 2, 0))[..., 0]
    if shows == "roughness":
        return roughness(lightness, tiling=tiling).expand(3, -1, -1)
    surface = height(lightness, tiling=tiling)
    if shows == "normal":
        return normals(surface, tiling=tiling, relief=relief)
    if shows == "occlusion":
        return occlusion(surface, tiling=tiling, relief=relief).expand(3, -1, -1)
    return surface.expand(3, -1, -1)


def height(lightness: Tensor, *, tiling: bool) -> Tensor:
    """How far each pixel stands out (h, w), 0..1: lighter than its surroundings near, further and far, evenly weighed.

    What changes more slowly than an eighth of the side is light and shade rather than form, and is left out.
    """
    forms = [lightness - _blurred(lightness, share, tiling=tiling) for share in _FORMS]
    return _stretched(torch.stack([form / form.std().clamp(min=1e-3) for form in forms]).sum(0))


def normals(surface: Tensor, *, tiling: bool, relief: float) -> Tensor:
    """Which way a surface (h, w) faces: (3, h, w), x to the right in red, y upwards in green (as OpenGL has it)."""
    padded = functional.pad(surface[None, None], (1, 1, 1, 1), mode="circular" if tiling else "replicate")
    across = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]], device=surface.device) / 8
    slopes = functional.conv2d(padded, torch.stack([across, across.T])[:, None])[0]  # (2, h, w), by Sobel
    right, down = slopes * (relief * _STEEPNESS * len(surface))
    facing = functional.normalize(torch.stack([-right, down, torch.ones_like(right)]), dim=0)
    return (facing + 1) / 2


def roughness(lightness: Tensor, *, tiling: bool) -> Tensor:
    """How unevenly each place throws light back (h, w), 0.2..1: its contrast at close range beside the mean of it."""
    detail = lightness - _blurred(lightness, _FINE, tiling=tiling)
    contrast = _blurred(detail.square(), _AROUND, tiling=tiling).clamp(min=0).sqrt()
    return 0.2 + 0.8 * contrast / (contrast + contrast.mean() + 1e-3)


def occlusion(surface: Tensor, *, tiling: bool, relief: float) -> Tensor:
    """How much light from all round reaches each place of a surface (h, w), 0..1: less where it lies below others."""
    depths = [(_blurred(surface, share, tiling=tiling) - surface).clamp(min=0) for share in _HOLLOWS]
    return (1 - relief * _DARKEST * torch.stack(depths).mean(0)).clamp(0, 1)


def _blurred(field: Tensor, share: float, *, tiling: bool) -> Tensor:
    """Smooth a field (h, w) with a Gaussian as wide as a share of its side; it wraps, or is mirrored at its edges."""
    rows, columns = field.shape
    if not tiling:
        field = torch.cat([field, field.flip(0)], 0)
        field = torch.cat([field, field.flip(1)], 1)
    down = torch.fft.fftfreq(field.shape[0], device=field.device)[:, None]
    right = torch.fft.rfftfreq(field.shape[1], device=field.device)
    deviation = max(1.0, share * min(rows, columns))
    passed = torch.exp(-2 * (torch.pi * deviation) ** 2 * (down**2 + right**2))
    smooth: Tensor = torch.fft.irfft2(torch.fft.rfft2(field) * passed, s=field.shape)
    return smooth[:rows, :columns]


def _stretched(field: Tensor) -> Tensor:
    """Bring a field (h, w) to 0..1, all but its outermost hundredths; what is even everywhere lies in the middle."""
    some = field.flatten()[:: max(1, field.numel() // 100_000)].sort().values
    low, high = some[len(some) // 100], some[-1 - len(some) // 100]
    if high - low < 1e-4:
        return torch.full_like(field, 0.5)
    return ((field - low) / (high - low)).clamp(0, 1)
