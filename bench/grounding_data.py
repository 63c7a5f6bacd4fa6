"""What the grounding benches measure on: SciFact claims, sampled daily papers, perturbed sentences, paraphrases.

Everything is drawn by fixed seeds and split in two by document, so that thresholds are found on one half ("tune")
and reported on the other ("held"). Vectors are kept in the bench's cache between runs.
"""

import hashlib
import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bench.common import CACHE, DAILY, ROOT, SCIFACT
from bench.grounding_perturb import KINDS, Perturb, lighter
from bot.answers.grounding import Evidence
from bot.library.embeddings import MiniLM, Vectors
from bot.papers.text import clean, split_sentences

POOL = 800  # daily papers from which sentences and neighbours are drawn
NEIGHBOURS = 7  # papers beside the right one, as retrieval would give them
# What the bundled models are trained on, and what thresholds are fitted on: no paper of it is measured on.
CLAIMS = ROOT / "bench" / "train_claims.jsonl"
QUESTIONS = ROOT / "bench" / "train_questions.jsonl"
FIT_CLAIMS = ROOT / "bench" / "fit_claims.jsonl"
FIT_QUESTIONS = ROOT / "bench" / "fit_questions.jsonl"
KEPT = ("verbatim", "lighter", "paraphrase")  # kinds of sentences that are true
SENTENCES = 300  # of each half, for the verbatim and perturbed sets


def split_of(name: str) -> str:
    """The half that a document belongs to, for ever."""
    digest = hashlib.sha256(f"grounding:{name}".encode()).digest()
    return "tune" if digest[0] % 2 == 0 else "held"


def rows(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative, ties halved."""
    values = np.concatenate([positive, negative])
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    n, m = len(positive), len(negative)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


@cache
def embedder() -> MiniLM:
    """The product's own embedder."""
    return MiniLM()


def vectors_of(texts: Sequence[str], name: str) -> Vectors:
    """The vectors of `texts`, kept under `name` until the texts change."""
    key = hashlib.sha256("\n".join((embedder().name, *texts)).encode()).hexdigest()[:12]
    path = CACHE / "grounding" / f"{name}-{key}.npy"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        print(f"embedding {len(texts):,} sentences ({name}) ...")
        np.save(path, embedder().embed(texts))
    found: Vectors = np.load(path)
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """A SciFact claim beside one abstract that it cites; `label` is SUPPORT, CONTRADICT or "" for no evidence."""

    claim: str
    vector: Vectors
    doc: str
    label: str
    split: str


def scifact() -> tuple[dict[str, Evidence], list[Pair]]:
    """The cited abstracts by document number, and every (claim, cited abstract) pair once."""
    labels: dict[tuple[str, str], str] = {}
    for row in rows(SCIFACT / "claims-train.jsonl"):
        for doc in [row["doc"]] if row["label"] else row["cited"]:
            labels[row["claim"], doc] = row["label"]
    wanted = {doc for _, doc in labels}
    papers = {str(d["doc_id"]): d for d in rows(SCIFACT / "corpus.jsonl") if str(d["doc_id"]) in wanted}
    evidence = evidence_of(
        {doc: (p["title"], [clean(s) for s in p["abstract"]]) for doc, p in papers.items()}, "scifact"
    )
    claims = sorted({claim for claim, _ in labels})
    vectors = dict(zip(claims, vectors_of(claims, "claims"), strict=True))
    pairs = [Pair(c, vectors[c], doc, label, split_of(doc)) for (c, doc), label in labels.items()]
    return evidence, pairs


def evidence_of(papers: dict[str, tuple[str, list[str]]], name: str) -> dict[str, Evidence]:
    """Evidence of each paper, given titles and sentences."""
    flat = [s for _, sentences in papers.values() for s in sentences]
    vectors = vectors_of(flat, name)
    found, start = {}, 0
    for key, (title, sentences) in papers.items():
        end = start + len(sentences)
        found[key] = Evidence(title, tuple(sentences), vectors[start:end])
        start = end
    return found


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence to check: what kind it is, which paper it was made from, and the numbers of its sentences there."""

    kind: str
    text: str
    arxiv_id: str
    sentences: tuple[int, ...]
    split: str


class Daily:
    """The sampled daily papers with their neighbours, and the cases drawn from them."""

    def __init__(self) -> None:
        everything = {row["arxiv_id"]: row for row in rows(DAILY)}
        self.paraphrases = rows(ROOT / "bench" / "paraphrases.jsonl")
        self.unfaithful = rows(ROOT / "bench" / "unfaithful.jsonl")
        self.claims = rows(FIT_CLAIMS)
        written = {row["arxiv_id"]: row["split"] for row in (*self.paraphrases, *self.unfaithful)}
        written |= {row["arxiv_id"]: "tune" for row in self.claims}
        trained = {row["arxiv_id"] for file in (CLAIMS, QUESTIONS, FIT_QUESTIONS) for row in rows(file)}
        others = sorted(set(everything) - set(written) - trained)
        chosen = [*written, *random.Random("grounding pool").sample(others, POOL - len(written))]
        papers = {}
        for key in chosen:
            sentences = split_sentences(clean(everything[key]["abstract"]))
            papers[key] = (clean(everything[key]["title"]), sentences)
        self.evidence = evidence_of(papers, "daily")
        self.splits = {key: written.get(key) or split_of(key) for key in chosen}
        self._centres = np.stack([e.vectors.mean(0) for e in self.evidence.values()])
        self._keys = list(self.evidence)

    def around(self, arxiv_id: str) -> list[str]:
        """The paper itself and its nearest neighbours by mean vector, in an order that tells nothing."""
        here = self._centres[self._keys.index(arxiv_id)]
        near = np.argsort(-(self._centres @ here), kind="stable")[: NEIGHBOURS + 1]
        found = [self._keys[i] for i in near]
        random.Random(arxiv_id).shuffle(found)
        return found

    def verbatim(self) -> list[Case]:
        """Untouched sentences, one or two a paper."""
        drawn = []
        for key, evidence in self.evidence.items():
            generator = random.Random(f"verbatim {key}")
            for i in generator.sample(range(len(evidence.sentences)), min(2, len(evidence.sentences))):
                if len(evidence.sentences[i].split()) >= 5:
                    drawn.append(Case("verbatim", evidence.sentences[i], key, (i,), self.splits[key]))
        return _even(drawn)

    def lighter(self) -> list[Case]:
        """Sentences without one of their clauses, or with the paper's name for "our method"; one a paper at most."""
        drawn = []
        for key, evidence in self.evidence.items():
            made = [(i, text) for i, s in enumerate(evidence.sentences) for text in lighter(s, evidence.title)]
            if made:
                i, text = random.Random(f"lighter {key}").choice(made)
                drawn.append(Case("lighter", text, key, (i,), self.splits[key]))
        return _even(drawn)

    def perturbed(self, texts: Iterable[Case]) -> list[Case]:
        """Each case with one thing changed, in every way that it allows."""
        made = []
        for case in texts:
            near = [self.evidence[k] for k in self.around(case.arxiv_id) if k != case.arxiv_id]
            context = Perturb(
                paper=" ".join((self.evidence[case.arxiv_id].title, *self.evidence[case.arxiv_id].sentences)),
                near=[s for e in near for s in e.sentences],
                random=random.Random(f"perturb {case.arxiv_id} {case.text}"),
            )
            for kind, change in KINDS.items():
                if (changed := change(case.text, context)) is not None and changed != case.text:
                    made.append(Case(kind, changed, case.arxiv_id, case.sentences, case.split))
        return made

    def rewritten(self) -> list[Case]:
        """The hand-written paraphrases."""
        return [
            Case("paraphrase", r["paraphrase"], r["arxiv_id"], tuple(r["sentences"]), r["split"])
            for r in self.paraphrases
        ]

    def claimed(self) -> list[Case]:
        """True and false sentences to fit on, as paraphrases and unfaithful ones of the tuning half."""
        return [
            Case(kind, text, r["arxiv_id"], tuple(r["sentences"]), "tune")
            for r in self.claims
            for kind, texts in (("paraphrase", r["true"]), ("unfaithful", r["false"]))
            for text in texts
        ]

    def invented(self) -> list[Case]:
        """The hand-written rewrites that say what the paper does not."""
        return [Case("unfaithful", r["rewrite"], r["arxiv_id"], (), r["split"]) for r in self.unfaithful]


def _even(cases: Sequence[Case]) -> list[Case]:
    """The first `SENTENCES` of each half, shuffled."""
    shuffled = list(cases)
    random.Random("even").shuffle(shuffled)
    return [c for split in ("tune", "held") for c in [x for x in shuffled if x.split == split][:SENTENCES]]


def check_all(
    cases: Sequence[Case], daily: Daily, checker: Callable[..., Any], name: str
) -> list[tuple[Case, Any, list[str]]]:
    """Every case with its verdict and the papers that it was checked against."""
    vectors = dict(zip((c.text for c in cases), vectors_of([c.text for c in cases], name), strict=True))

    def embed(texts: Sequence[str]) -> Vectors:
        known = [t for t in texts if t in vectors]
        if len(known) == len(texts):
            return np.stack([vectors[t] for t in texts])
        return embedder().embed(texts)

    out = []
    for case in cases:
        keys = daily.around(case.arxiv_id)
        [verdict] = checker([case.text], [daily.evidence[k] for k in keys], embed)
        out.append((case, verdict, keys))
    return out
