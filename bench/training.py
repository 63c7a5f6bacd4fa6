"""What the training of the bundled models shares."""

from contextlib import AbstractContextManager, nullcontext

import torch


def half() -> AbstractContextManager[object]:
    """Arithmetic in bfloat16 where the processor has it; emulated, it would be many times slower than float32."""
    if torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return torch.autocast("cpu", torch.bfloat16)
    return nullcontext()
