"""What the training of the bundled models shares."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bench.quantized import quantize

DECAY, WARM = 0.01, 0.06


def half() -> AbstractContextManager[object]:
    """Arithmetic in bfloat16 where the processor has it; emulated, it would be many times slower than float32."""
    if torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return torch.autocast("cpu", torch.bfloat16)
    return nullcontext()


class Descent:
    """AdamW over what may move of a model; the rate rises for the first `WARM` of the steps, then falls to nought."""

    def __init__(self, model: torch.nn.Module, rate: float, steps: int) -> None:
        self._parameters = [p for p in model.parameters() if p.requires_grad]
        self._optimizer = torch.optim.AdamW(self._parameters, lr=rate, weight_decay=DECAY)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda i: min(1.0, (i + 1) / (WARM * steps)) * (1 - i / steps)
        )

    def step(self, loss: torch.Tensor) -> None:
        """Go down from `loss`."""
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._parameters, 1.0)
        self._optimizer.step()
        self._schedule.step()
        self._optimizer.zero_grad()


def padded(rows: Sequence[Sequence[int]]) -> torch.Tensor:
    """`rows` filled up with noughts to the longest; shape (rows, tokens)."""
    filled = np.zeros((len(rows), max(map(len, rows))), np.int64)
    for row, values in zip(filled, rows, strict=True):
        row[: len(values)] = values
    return torch.from_numpy(filled)


def export(model: Any, inputs: Sequence[str], output: str, out: Path) -> None:
    """Write `model`, which takes `inputs` of shape (batch, tokens), as ONNX with int8 weights and arithmetic."""
    sample = torch.ones((2, 16), dtype=torch.int64)
    whole = out.with_suffix(".whole.onnx")
    torch.onnx.export(
        model.eval(),
        (sample,) * len(inputs),
        str(whole),
        input_names=list(inputs),
        output_names=[output],
        dynamic_axes={n: {0: "batch", 1: "tokens"} for n in inputs} | {output: {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )
    quantize(whole, out)
