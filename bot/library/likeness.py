"""How much of a question's words a paper has, word by word, like words counting in part; and the names it gives.

BM25 knows only words that are the same, a sentence vector only the whole: a paraphrase shares a word here, a like
word there. Each content word of the question takes the best likeness that any word of the paper has to it.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.library.lexical import STOP_WORDS, stem
from bot.library.spelling import corrected
from bot.library.word_vectors import SAME, Numbers, word_vectors, words_of

# The likeness of two words grows from 0 to LIKE between these cosines; the same stem counts 1.
FLOOR, CEILING, LIKE = 0.2, 0.6, 0.7
NAMES_MOST = 6  # names of a question that are looked for

# Words by which people ask, and which say nothing of what they ask about.
ASKING = frozenset(
    """
    someone somebody anyone anybody everyone everybody nobody thing things something anything everything nothing stuff
    way ways kind kinds sort sorts lot lots bunch handful bit couple get gets got getting gotten go goes going gone went
    come comes came make makes made making take takes took taken put puts know knows knew think thinks thought believe
    recall remember heard hear read want wants need needs like likes look looks looked looking see sees saw seen say
    says said saying ask asks asked mean means call called calls name named names use uses used using try tries tried
    trying work works worked working happen happens good better best well bad wrong right big bigger large great little
    small much many really actually even ever still yet already always never often rather quite besides apart now
    today else either neither without within across along around among per via upon onto what's that's it's there's
    who's i'm i'd i've i'll don't doesn't didn't isn't aren't can't cannot won't wasn't maybe perhaps possible might may
    must shall article articles study studies author authors abstract abstracts research researchers whose vs etc
    recently first second last new same different several various certain question answer describe give gives gave
    given propose proposes proposed present presents presented found finding finds shows shown showed thanks hi hey
    idea ideas case cases one ones back together deal deals treat treats dealing treating recommend suggest tend tends
    merely mere simply rather instead especially mainly mostly exactly roughly currently somehow somewhere else anywhere
    talk talks talking discuss discussed cover covers covered concern concerns concerning regarding related relate
    report reported reports stated mention mentions mentioned wrote write writes written authored
    """.split()  # noqa: SIM905 - a list of 200 strings is no easier to read
)
# What the field writes short, and people put simply: a word, and words that mean the same where all of them stand.
ALIASES = {
    "llm": "language model", "llms": "language model", "lm": "language model", "lms": "language model",
    "chatbot": "language model", "chatbots": "language model", "gpt": "language model", "gpts": "language model",
    "vlm": "vision language", "vlms": "vision language", "lvlm": "vision language", "lvlms": "vision language",
    "mllm": "multimodal language", "mllms": "multimodal language", "lmm": "multimodal model",
    "lmms": "multimodal model", "vla": "vision language action", "nlp": "natural language processing",
    "rl": "reinforcement learning", "rlhf": "human feedback", "sft": "supervised fine tuning",
    "cot": "chain thought", "rag": "retrieval augmented", "icl": "context learning", "moe": "mixture experts",
    "net": "network", "nets": "network", "backprop": "backpropagation", "cnn": "convolutional network",
    "cnns": "convolutional network", "rnn": "recurrent network", "rnns": "recurrent network",
    "gnn": "graph network", "gnns": "graph network", "snn": "spiking network", "snns": "spiking network",
    "mlp": "multilayer perceptron", "mlps": "multilayer perceptron", "vit": "vision transformer",
    "vits": "vision transformer", "gan": "generative adversarial", "gans": "generative adversarial",
    "vae": "variational autoencoder", "sae": "sparse autoencoder", "saes": "sparse autoencoder",
    "tts": "text speech", "asr": "speech recognition", "ocr": "character recognition", "qa": "question answering",
    "vqa": "visual question answering", "t2i": "text image", "t2v": "text video", "ssm": "state space",
    "ssms": "state space", "kg": "knowledge graph", "kgs": "knowledge graph", "kd": "distillation",
    "finetuning": "fine tuning", "finetuned": "fine tuned", "finetune": "fine tune", "pretraining": "pre training",
    "pretrained": "pre trained", "dataset": "data set", "datasets": "data sets", "eeg": "electroencephalography",
    "mri": "magnetic resonance", "optimiser": "optimizer", "optimisers": "optimizer", "text2image": "text image",
    "licence": "license", "licences": "licenses", "gpu": "gpus", "gpus": "gpu", "cpus": "cpu", "tpus": "tpu",
}  # fmt: skip
# A word with an inner capital, digit or hyphen, or a capital that begins no sentence: mostly the name of something.
_NAME = re.compile(r"[^\W_]+(?:[-.^+][^\W_]+)*\+*")
_CONTRACTED = re.compile(r"n['’]t\b|['’](?:re|s|ll|ve|d|m)\b", re.IGNORECASE)
_DATA_SET = re.compile(r"\bdata[ -]set(s?)\b", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?:^|[.?!:;]\s+|[\"“(])$")
_LONGEST_NAME = 4  # words that a name may be written in


@dataclass(frozen=True)
class QuestionTerms:
    """The content words of a question, with weights that grow with their rarity in the library."""

    words: tuple[str, ...]
    weights: NDArray[np.float32]
    names: tuple[str, ...] = ()

    @cached_property
    def numbers(self) -> Numbers:
        """The words' numbers in the vocabulary, and after them those of the words that stand for some of them."""
        return word_vectors().numbers([*self.words, *" ".join(ALIASES.get(w, "") for w in self.words).split()])

    @cached_property
    def _aliases(self) -> list[tuple[int, int, int]]:
        """Which word has others that stand for it, and the first and last of their places in `numbers`."""
        places = []
        start = len(self.words)
        for i, word in enumerate(self.words):
            if size := len(ALIASES.get(word, "").split()):
                places.append((i, start, start + size))
                start += size
        return places

    def matches(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """How much each sentence has of each word, 0–1; shape (sentences, words)."""
        asked, aliases = self.numbers, self._aliases
        found = np.zeros((len(sentences), len(asked)), np.float32)
        numbers = [numbers_of(s) for s in sentences]
        if not self.words or not any(len(n) for n in numbers):
            return found
        vocabulary, places = np.unique(np.concatenate(numbers), return_inverse=True)
        like = _graded(word_vectors().likeness(asked, vocabulary))
        sizes = np.array([len(n) for n in numbers])
        starts = np.cumsum(sizes) - sizes
        found[sizes > 0] = np.maximum.reduceat(like[:, places], starts[sizes > 0], axis=1).T
        for word, first, last in aliases:
            found[:, word] = np.maximum(found[:, word], found[:, first:last].min(axis=1))
        return found[:, : len(self.words)]

    def coverage(self, matches: NDArray[np.float32]) -> float:
        """The weighted share of the words that `matches`, of one text or of each sentence of one, stand for."""
        best = matches.max(axis=0, initial=0.0) if matches.ndim == 2 else matches
        total = float(self.weights.sum())
        return float(best @ self.weights) / total if total > 0 else 0.0


def question_terms(question: str, frequency: Callable[[str], tuple[int, int]]) -> QuestionTerms:
    """The terms of `question`; `frequency` tells of a stem how many papers hold it, and how many there are."""
    words: dict[str, float] = {}
    seen = set()
    for word in words_of(_DATA_SET.sub(r"dataset\1", _CONTRACTED.sub(" ", corrected(question, frequency)))):
        if word in STOP_WORDS or word in ASKING or (len(word) < 2 and not word.isdigit()):
            continue
        stems = stem(word)
        if not stems or stems in seen:
            continue
        seen.add(stems)
        weight = 0.0
        for one in stems:
            held, papers = frequency(one)
            weight = max(weight, math.log((papers + 1) / (held + 0.5)) / math.log(papers + 1) if papers else 1.0)
        words[word] = min(1.0, weight)
    return QuestionTerms(tuple(words), np.array(list(words.values()), np.float32), names_in(question))


def names_in(question: str) -> tuple[str, ...]:
    """The words of `question` that are written like names, such as GPT-4, mT5, HiSTN or Meltemi."""
    found = []
    for match in _NAME.finditer(question):
        name = match.group()
        inner = any(c.isupper() for c in name[1:]) or (any(map(str.isdigit, name)) and any(map(str.isalpha, name)))
        opens = _SENTENCE_START.search(question[: match.start()])
        if (inner or (name[0].isupper() and not opens and len(name) > 1)) and name.lower() not in STOP_WORDS:
            found.append(name)
    return tuple(dict.fromkeys(found))[:NAMES_MOST]


def name_key(name: str) -> str:
    """The form in which spellings of a name are the same: its letters and digits in lower case."""
    return "".join(words_of(name))


def has_name(text: str, name: str) -> bool:
    """Whether `name` stands in `text`, in one word or parted by hyphens and spaces; a plural "s" aside."""
    key = name_key(name)
    keys = {key, key.removesuffix("s")} if len(key) > 3 else {key}
    letters = _letters(text)
    return any(one in letters and one in _name_keys(text) for one in keys)


def named_share(names: Sequence[str], texts: Mapping[int, tuple[str, str]]) -> dict[int, float]:
    """How much each paper of `texts` (title, abstract) is what the names mean, 0–1: rare names in titles most."""
    shares = dict.fromkeys(texts, 0.0)
    for name in names:
        in_title = [p for p, (title, _) in texts.items() if has_name(title, name)]
        in_abstract = [p for p, (_, abstract) in texts.items() if has_name(abstract, name)]
        for paper in in_title:
            shares[paper] = max(shares[paper], 1 / len(in_title))
        for paper in in_abstract:
            shares[paper] = max(shares[paper], 0.5 / len(in_abstract))
    return shares


@lru_cache(maxsize=20_000)
def numbers_of(sentence: str) -> Numbers:
    """The numbers of the distinct content words of `sentence`."""
    words = [w for w in words_of(sentence) if w not in STOP_WORDS]
    return word_vectors().numbers(list(dict.fromkeys(words)))


@lru_cache(maxsize=5_000)
def _letters(text: str) -> str:
    """All letters and digits of `text`: where a name is not among them, it need not be looked for by words."""
    return "".join(words_of(text))


@lru_cache(maxsize=2_000)
def _name_keys(text: str) -> frozenset[str]:
    words = words_of(text)
    return frozenset(
        "".join(words[i : i + n]) for n in range(1, _LONGEST_NAME + 1) for i in range(len(words) - n + 1)
    )


def _graded(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    part = np.clip((cosines - FLOOR) / (CEILING - FLOOR), 0.0, 1.0) * LIKE
    return np.where(cosines >= SAME, 1.0, part).astype(np.float32)
