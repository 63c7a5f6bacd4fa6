"""Writes the bundled models: int8 ONNX, with the table of input embeddings, which all share, in a file of its own."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, load, numpy_helper, save
from onnx.external_data_helper import set_external_data
from onnxruntime.quantization import QuantType, quantize_dynamic

from bot.library.embeddings import INPUT_TABLE

_TABLE = "word_embeddings.weight_quantized"


def quantize(whole: Path, out: Path) -> None:
    """Write the model in `whole` to `out` with int8 weights and arithmetic, and the table beside it."""
    quantize_dynamic(whole, out, weight_type=QuantType.QInt8)
    model = load(out)
    [table] = [i for i in model.graph.initializer if i.name.endswith(_TABLE)]
    rows = numpy_helper.to_array(table)
    assert rows.dtype == np.uint8, "what reads it counts on this"
    raw = rows.tobytes()
    (out.parent / INPUT_TABLE).write_bytes(raw)
    table.raw_data = raw
    set_external_data(table, INPUT_TABLE, offset=0, length=len(raw))
    table.ClearField("raw_data")
    table.data_location = TensorProto.EXTERNAL
    save(model, out)
    print(f"{out.name}: {out.stat().st_size:,} bytes, and {len(raw):,} of {INPUT_TABLE}")


def weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """The weights of a model that `quantize` wrote, as float again, under the names that PyTorch has for them.

    The weight of a layer has no name of its own there; it has that of the bias that is added behind it.
    """
    graph = load(path).graph
    arrays = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    users: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)

    def plain(name: str) -> NDArray[np.float32]:
        stem = name.removesuffix("_quantized")
        rows = arrays[name].astype(np.float32) - arrays[f"{stem}_zero_point"]
        return np.asarray(rows * arrays[f"{stem}_scale"], np.float32)

    def bias_behind(output: str) -> str:
        for node in users[output]:
            found = [name for name in node.input if node.op_type == "Add" and name.endswith(".bias")]
            return found[0] if found else bias_behind(node.output[0])
        raise ValueError(f"nothing is added to {output}")

    found = {n: a for n, a in arrays.items() if n.startswith("model.") and n.endswith((".bias", ".weight"))}
    found |= {n.removesuffix("_quantized"): plain(n) for n in arrays if n.endswith("embeddings.weight_quantized")}
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            found[bias_behind(node.output[0]).removesuffix("bias") + "weight"] = plain(node.input[1]).T
    return {name.removeprefix("model."): array for name, array in found.items()}
