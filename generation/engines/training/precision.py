"""In which precision networks are trained, by what the device multiplies natively."""

from contextlib import AbstractContextManager

import torch

from generation.engines.device import convolution_dtype
from generation.engines.training.parameters import Precision


class Arithmetic:
    """Autocast for the forward pass, and the scaling of losses that float16 needs."""

    def __init__(self, device: torch.device, wanted: Precision = "auto") -> None:
        """Choose for `device`; with "auto" bfloat16 where it is native, else float16 on a GPU, else float32."""
        self.device = device
        self.dtype = _native(device) if wanted == "auto" else getattr(torch, wanted)
        needs_scale = device.type == "cuda" and self.dtype == torch.float16
        self.scaler = torch.amp.GradScaler(device.type, enabled=needs_scale)

    def autocast(self) -> AbstractContextManager[object]:
        """The block in which networks are computed."""
        return torch.autocast(self.device.type, dtype=self.dtype, enabled=self.dtype != torch.float32)


def _native(device: torch.device) -> torch.dtype:
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    return convolution_dtype(device)
