"""Ribbons keep their distance."""

import numpy as np
import torch

from generation.engines.algorithmic.streamlines import STRIDE, Current, Sheet


def test_no_ribbon_touches_another_neither_beside_it_nor_before_it() -> None:
    generator = torch.Generator().manual_seed(3)
    current, sheet = Current(1.0, 1.0, 0.5, generator), Sheet(1.0, 1.0, 0.05)
    breadth, gap = 0.012, 0.004
    laid = []
    for path in current.follow(torch.rand(300, 2, generator=generator), 150):
        piece = sheet.lay(path, breadth, gap, shortest=0.05)
        if piece is not None:
            laid.append(piece)
    assert len(laid) > 10
    for number, one in enumerate(laid):
        for other in laid[number + 1 :]:
            nearest = np.linalg.norm(one[:, None] - other[None], axis=2).min()
            assert nearest > gap  # end to end
            inner = slice(8, -8)
            beside = np.linalg.norm(one[inner, None] - other[None, inner], axis=2).min()
            assert beside > breadth / 2 + gap


def test_nothing_is_laid_on_the_margin_nor_where_there_is_no_room() -> None:
    sheet = Sheet(1.0, 1.0, 0.1)
    across = np.stack([np.linspace(-0.2, 1.2, 900), np.full(900, 0.5)], 1).astype(np.float32)
    laid = sheet.lay(across, 0.01, 0.0, shortest=0.1)
    assert laid is not None
    assert laid[:, 0].min() >= 0.1 - STRIDE
    assert laid[:, 0].max() <= 0.9 + STRIDE
    assert sheet.lay(across, 0.01, 0.0, shortest=0.1) is None


def test_a_path_stops_before_it_meets_itself() -> None:
    turn = np.linspace(0, 6 * np.pi, 1800)
    circle = np.stack([0.5 + 0.2 * np.cos(turn), 0.5 + 0.2 * np.sin(turn)], 1).astype(np.float32)
    laid = Sheet(1.0, 1.0, 0.1).lay(circle, 0.01, 0.0, shortest=0.1)
    assert laid is not None
    assert len(laid) < 1800 / 3
