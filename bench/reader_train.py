"""Trains the reader and writes it where the product reads it; `make reader` installs what this needs.

A cross-encoder with two heads: the layers of all-MiniLM-L6-v2 (Apache-2.0), fitted to the examples of
`reader_data`. It ends as int8 ONNX, for the tokenizer that the embedding model brings.
"""

import argparse
import math
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from bench.quantized import weights
from bench.reader_data import Example, examples
from bench.training import Descent, export, half, padded
from bot.library.embeddings import minilm_tokenizer
from bot.library.reader import LENGTH

BATCH = 32
RATE = 6e-5
EPOCHS = 2
SMOOTH = 0.02
# Of each kind of example, this share; of others all. There are many of these, and they are soon learnt.
SHARES = {
    "lighter": 0.5,
    "both": 0.5,
    "verbatim": 0.3,
    "beside": 0.3,
    "addition": 0.3,
    "negation": 0.3,
    "direction": 0.7,
    "elsewhere": 0.15,
    "find": 0.25,
    "find, other paper": 0.25,
    "fact, other sentence": 0.4,
    "fact, other paper": 0.4,
    "near, other sentence": 0.5,
    "near, other paper": 0.3,
}
FROZEN = 2  # layers, the lowest, that stay as they are in a reader that training goes on from
SHAPE = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536}
INPUTS = ("input_ids", "attention_mask", "token_type_ids")

Encoded = tuple[list[int], list[int], tuple[int | None, ...]]


def main() -> None:
    """Train, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "start", type=Path, help="the folder of all-MiniLM-L6-v2's weights, or a reader to go on from"
    )
    parser.add_argument("out", type=Path, help="the ONNX file to write")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--rate", type=float, default=RATE)
    given = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(2)
    from transformers import BertConfig, BertForSequenceClassification

    if given.start.is_dir():
        model = BertForSequenceClassification.from_pretrained(given.start, num_labels=2, attn_implementation="eager")
    else:
        model = BertForSequenceClassification(BertConfig(**SHAPE, num_labels=2, attn_implementation="eager"))
        model.load_state_dict({name: torch.tensor(a) for name, a in weights(given.start).items()})
        for layer in (model.bert.embeddings, *model.bert.encoder.layer[:FROZEN]):
            layer.requires_grad_(False)
    model.bert.embeddings.word_embeddings.weight.requires_grad = False  # too many for so few sentences
    drawn = random.Random("shares")
    made = [e for e in examples() if drawn.random() < SHARES.get(e.kind, 1.0)]
    kinds = defaultdict(int)
    for e in made:
        kinds[e.kind] += 1
    print(f"{len(made):,} pairs: {dict(kinds)}", flush=True)
    train(model, encoded(made), given.epochs, given.rate, lambda: export(_Logits(model), INPUTS, "logits", given.out))


def encoded(made: Sequence[Example]) -> list[Encoded]:
    """Token ids, token types and labels of each."""
    tokenizer = minilm_tokenizer()
    tokenizer.enable_truncation(LENGTH)
    tokenizer.no_padding()
    return [(e.ids, e.type_ids, m.labels) for m in made for e in [tokenizer.encode(m.passage, m.text)]]


def train(model: Any, pairs: list[Encoded], epochs: int, rate: float, after_each: Callable[[], None]) -> None:
    """Fit `model` in place; `after_each` is called after each epoch."""
    steps = epochs * math.ceil(len(pairs) / BATCH)
    descent = Descent(model, rate, steps)
    drawn = random.Random(0)
    begun, step, total = time.time(), 0, 0.0
    model.train()
    for _ in range(epochs):
        order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]) + drawn.random() * 12)
        batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        drawn.shuffle(batches)
        for batch in batches:
            ids, types = (padded([pairs[i][part] for i in batch]) for part in (0, 1))
            mask = padded([[1] * len(pairs[i][0]) for i in batch])
            known = torch.tensor([[v is not None for v in pairs[i][2]] for i in batch], dtype=torch.float32)
            labels = torch.tensor([[float(v or 0) for v in pairs[i][2]] for i in batch])
            with half():
                logits = model(input_ids=ids, attention_mask=mask, token_type_ids=types).logits
            target = labels * (1 - 2 * SMOOTH) + SMOOTH
            each = torch.nn.functional.binary_cross_entropy_with_logits(logits.float(), target, reduction="none")
            loss = (each * known).sum() / known.sum()
            descent.step(loss)
            step += 1
            total += loss.item()
            if step % 50 == 0:
                print(f"step {step} of {steps}, loss {total / 50:.3f}, {time.time() - begun:.0f} s", flush=True)
                total = 0.0
        after_each()
        model.train()


class _Logits(torch.nn.Module):
    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        return self.model(input_ids=ids, attention_mask=mask, token_type_ids=types).logits


if __name__ == "__main__":
    main()
