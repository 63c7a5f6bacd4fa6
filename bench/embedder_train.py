"""Trains the embedding model and writes it where the product reads it; `make embedder` installs what this needs.

all-MiniLM-L6-v2 (Apache-2.0), fitted to find the papers that questions are after, and the sentences that others say
in other words, among rivals that it found as near before. It ends as int8 ONNX, which computes in int8, too.
"""

import argparse
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy, normalize

from bench.grounding_data import CLAIMS, QUESTIONS, rows
from bench.reader_data import LIKEST, Abstracts
from bench.training import Descent, export, half, padded
from bot.library.embeddings import minilm_tokenizer

BATCH = 48
RATE = 3e-5
EPOCHS = 3
SCALE = 20.0  # of the cosines, as in the model's own training
RIVALS = 12  # papers with the likest sentences, one of which stands beside the right one each time
STAY = 4.0  # what moving a vector of an abstract away from where it was costs
LENGTH = 128  # tokens


Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question or claim, the paper it is of, the sentences that tell so, and rivals as (paper, sentence)."""

    text: str
    key: str
    sentences: tuple[int, ...]
    rivals: tuple[tuple[str, int], ...]


def main() -> None:
    """Train, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("start", type=Path, help="the folder of all-MiniLM-L6-v2's weights")
    parser.add_argument("out", type=Path, help="the ONNX file to write")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--stay", type=float, default=STAY)
    parser.add_argument("--rate", type=float, default=RATE)
    given = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(2)
    from transformers import BertModel

    model = BertModel.from_pretrained(given.start, add_pooling_layer=False, attn_implementation="eager")
    model.embeddings.word_embeddings.weight.requires_grad = False  # too many for so few sentences
    if given.epochs:
        train(_Vectors(model), given.epochs, given.stay, given.rate)
    export(_Vectors(model), ("input_ids", "attention_mask"), "vectors", given.out)


class _Vectors(torch.nn.Module):
    """The mean of the token vectors, of length 1."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        hidden = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        kept = mask[..., None].float()
        return normalize((hidden.float() * kept).sum(1) / kept.sum(1), dim=-1)


def asked(abstracts: Abstracts, vectors: Callable[[Sequence[str]], Rows], before: Rows) -> list[Asked]:
    """Every question, and every true sentence, with the papers that are nearest to it beside its own.

    `vectors` embeds as before the training, `before` are the vectors of all sentences.
    """
    texts = [
        (r["question"], r["arxiv_id"], r["sentences"]) for r in rows(QUESTIONS) if len(r["question"].split()) > 4
    ]
    texts += [(claim, r["arxiv_id"], r["sentences"]) for r in rows(CLAIMS) for claim in r["true"]]
    found = []
    for (text, key, sentences), vector in zip(texts, vectors([t for t, _, _ in texts]), strict=True):
        rivals: dict[str, int] = {}
        for n in np.argsort(-(before @ vector))[:LIKEST]:
            owner = abstracts.owners[n]
            if owner != key and len(rivals) < RIVALS:
                rivals.setdefault(owner, int(n) - abstracts.first[owner])
        found.append(Asked(text, key, tuple(sentences), tuple(rivals.items())))
    return found


def train(model: _Vectors, epochs: int, stay: float, rate: float) -> None:
    """Fit `model` in place."""
    abstracts = Abstracts()
    tokenizer = minilm_tokenizer()
    tokenizer.enable_truncation(LENGTH)
    tokenizer.no_padding()

    def vectors_now(texts: Sequence[str]) -> Rows:
        with torch.no_grad(), half():
            return _embedded(model, tokenizer, texts).float().numpy()

    sentences_before = vectors_now(abstracts.sentences)
    titles_before = dict(zip(abstracts.titles, vectors_now(list(abstracts.titles.values())), strict=True))
    everything = asked(abstracts, vectors_now, sentences_before)
    steps = epochs * math.ceil(len(everything) / BATCH)
    descent = Descent(model, rate, steps)
    drawn = random.Random(0)
    begun, step, total, moved = time.time(), 0, 0.0, 0.0
    print(f"{len(everything):,} questions and claims", flush=True)
    model.train()
    for _ in range(epochs):
        drawn.shuffle(everything)
        for start in range(0, len(everything), BATCH):
            batch = everything[start : start + BATCH]
            told: list[tuple[str, int]] = [(a.key, drawn.choice(a.sentences)) for a in batch]
            told += [drawn.choice(a.rivals) for a in batch if a.rivals]
            texts = [a.text for a in batch]
            texts += [abstracts.titles[key] for key, _ in told] + [abstracts.of[key][i] for key, i in told]
            with half():
                vectors = _embedded(model, tokenizer, texts)
            questions, titles, sentences = vectors.split([len(batch), len(told), len(told)])
            papers = normalize(sentences + 2 * titles, dim=-1)
            nearest = torch.maximum(questions @ sentences.T, questions @ titles.T)
            scores = SCALE * (questions @ papers.T + nearest) / 2
            same = torch.tensor(
                [[a.key == key and i != j for j, (key, _) in enumerate(told)] for i, a in enumerate(batch)]
            )
            scores = scores.masked_fill(same, -1e4)
            loss = cross_entropy(scores, torch.arange(len(batch)))
            were = [titles_before[key] for key, _ in told]
            were += [sentences_before[abstracts.first[key] + i] for key, i in told]
            away = (1 - (torch.cat([titles, sentences]) * torch.from_numpy(np.stack(were))).sum(1)).mean()
            descent.step(loss + stay * away)
            step, total, moved = step + 1, total + loss.item(), moved + away.item()
            if step % 25 == 0:
                print(
                    f"step {step} of {steps}, loss {total / 25:.3f}, moved {moved / 25:.3f}, {time.time() - begun:.0f} s",
                    flush=True,
                )
                total = moved = 0.0


def _embedded(model: _Vectors, tokenizer: Any, texts: Sequence[str]) -> torch.Tensor:
    """The vectors of `texts`, in parts of like length, so that little is padded."""
    encoded = [e.ids for e in tokenizer.encode_batch(list(texts))]
    order = sorted(range(len(texts)), key=lambda i: len(encoded[i]))
    made: list[torch.Tensor] = []
    for start in range(0, len(order), BATCH):
        chosen = order[start : start + BATCH]
        made.append(model(padded([encoded[i] for i in chosen]), padded([[1] * len(encoded[i]) for i in chosen])))
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(made)[back]


if __name__ == "__main__":
    main()
