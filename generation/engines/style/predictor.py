"""The style predictor: it looks at a painting and answers with the hundred numbers that describe its manner.

Ghiasi, Lee, Kudlur, Dumoulin, Shlens: "Exploring the structure of a real-time, arbitrary neural artistic stylization
network", 2017, https://arxiv.org/abs/1705.06830, in Magenta's small form: MobileNetV2, then one linear layer.
"""

import torch
from torch import nn
from torch.nn import functional

STYLE_NUMBERS = 100
PREDICTOR_SIDE = 256  # the network was trained on squares of this size

# (expansion, channels out, repeats, first stride) of each stage; Sandler et al. 2018, table 2
_STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


class _Block(nn.Module):
    """An inverted residual: widen, filter each channel by itself, narrow again."""

    def __init__(self, channels_in: int, channels_out: int, expansion: int, stride: int) -> None:
        super().__init__()
        wide = channels_in * expansion
        self.expand = nn.Conv2d(channels_in, wide, 1) if expansion > 1 else None
        self.depthwise = nn.Conv2d(wide, wide, 3, stride, padding=1 if stride == 1 else 0, groups=wide)
        self.project = nn.Conv2d(wide, channels_out, 1)
        self.stride = stride
        self.adds = stride == 1 and channels_in == channels_out

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x if self.expand is None else functional.relu6(self.expand(x), inplace=True)
        y = functional.relu6(self.depthwise(_pad_as_tensorflow(y, self.stride)), inplace=True)
        narrow: torch.Tensor = self.project(y)
        return narrow.add_(x) if self.adds else narrow


class StylePredictor(nn.Module):
    """MobileNetV2 with a head of a hundred numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 32, 3, stride=2)
        blocks, channels = [], 32
        for expansion, channels_out, repeats, first_stride in _STAGES:
            for repeat in range(repeats):
                blocks.append(_Block(channels, channels_out, expansion, first_stride if repeat == 0 else 1))
                channels = channels_out
        self.blocks = nn.ModuleList(blocks)
        self.top = nn.Conv2d(channels, 1280, 1)
        self.head = nn.Conv2d(1280, STYLE_NUMBERS, 1)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Describe pictures (n, 3, 256, 256) in 0..1 by style vectors (n, 100)."""
        x = functional.relu6(self.stem(_pad_as_tensorflow(pictures, 2)), inplace=True)  # (n, 32, 128, 128)
        for block in self.blocks:
            x = block(x)
        x = functional.relu6(self.top(x), inplace=True)  # (n, 1280, 8, 8)
        vectors: torch.Tensor = self.head(x.mean((2, 3), keepdim=True))
        return vectors.flatten(1)


def _pad_as_tensorflow(x: torch.Tensor, stride: int) -> torch.Tensor:
    """Pad below and to the right alone before a stride of two, as the network learnt it."""
    return functional.pad(x, (0, 1, 0, 1)) if stride == 2 else x
