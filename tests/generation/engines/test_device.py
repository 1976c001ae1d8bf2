"""Where work is done is chosen at run time, and seeds mean the same everywhere."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from generation.engines.device import (
    choose_device,
    convolution_dtype,
    generator_for,
    in_one_order,
    memory_guard,
    one_thread,
    open_context,
)
from generation.engines.errors import Cancelled, OutOfMemory


def test_a_named_device_is_taken_and_auto_takes_the_best_there_is() -> None:
    assert choose_device("cpu") == torch.device("cpu")
    assert choose_device().type == ("cuda" if torch.cuda.is_available() else choose_device("auto").type)


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_any_seed_that_a_row_can_hold_makes_a_generator_on_the_cpu(seed: int) -> None:
    generator = generator_for(seed)
    assert generator.device.type == "cpu"
    assert torch.equal(torch.rand(3, generator=generator), torch.rand(3, generator=generator_for(seed)))


def test_convolutions_run_in_a_precision_that_the_device_multiplies() -> None:
    assert convolution_dtype(torch.device("cpu")) in {torch.float32, torch.bfloat16}
    assert convolution_dtype(torch.device("cuda")) is torch.float32


def test_running_out_of_memory_is_told_as_something_that_may_pass() -> None:
    with pytest.raises(OutOfMemory) as caught, memory_guard():
        raise torch.OutOfMemoryError("CUDA out of memory")
    assert caught.value.transient


def test_a_report_of_progress_is_kept_within_bounds_and_stops_a_cancelled_run() -> None:
    heard: list[tuple[float, str]] = []
    stopped = False
    context = open_context(
        torch.device("cpu"),
        1,
        on_progress=lambda fraction, preview, stage: heard.append((fraction, stage)),
        is_cancelled=lambda: stopped,
    )
    context.progress(1.5, stage="Painting")
    stopped = True
    with pytest.raises(Cancelled):
        context.progress(0.9)
    assert heard == [(1.0, "Painting")]


def test_work_kept_to_one_thread_gives_the_others_back() -> None:
    before = torch.get_num_threads()
    with pytest.raises(ZeroDivisionError), one_thread():
        assert torch.get_num_threads() == 1
        raise ZeroDivisionError
    assert torch.get_num_threads() == before


def test_work_in_one_order_leaves_torch_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    before = torch.backends.cudnn.deterministic, torch.are_deterministic_algorithms_enabled()
    with pytest.raises(ZeroDivisionError), in_one_order():
        assert torch.backends.cudnn.deterministic
        assert torch.are_deterministic_algorithms_enabled()
        raise ZeroDivisionError
    assert (torch.backends.cudnn.deterministic, torch.are_deterministic_algorithms_enabled()) == before
