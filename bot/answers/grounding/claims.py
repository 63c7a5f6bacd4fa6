"""What a sentence of an answer claims: its words without markers and framing, its names, its words of rank."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.answers.grounding.words import STOP_WORDS, abbreviations, initials, is_common, letters_of, stem, words

_FIGURES = re.compile(r"[-−+±]?\d+(?:[.,]\d+)*|[%<>≤≥=×]")
_MARKER = re.compile(r"\s*\[(?:\d+(?:\s*[,;–-]\s*\d+)*|[a-zA-Z]?\d+)\]|\s*【[^】]{0,20}】")
_BULLET = re.compile(r"^\s*(?:[-*•–]\s+|\d{1,2}[.)]\s+|#{1,6}\s+|>\s+)+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_AUTHORS = r"(?:the\s+)?(?:authors?|researchers?|paper|work|study|article|abstract)s?"
_SAYS = (
    r"(?:also\s+|further\s+|first\s+|then\s+)?(?:shows?|finds?|reports?|demonstrates?|states?|says?|notes?|argues?|"
    r"observes?|reveals?|suggests?|indicates?|explains?|claims?|concludes?|mentions?|highlights?|points? out)\s+that\s+"
)
_OPENERS = re.compile(
    rf"^(?:(?:according\s+to|as\s+(?:stated|reported|described)\s+(?:in|by))\s+{_AUTHORS}\s*,\s*"
    rf"|in\s+(?:this|the)\s+(?:paper|work|study|abstract)\s*,\s*"
    rf"|(?:{_AUTHORS}|this\s+(?:paper|work|study)|it|they|we)\s+{_SAYS}"
    rf"|(?:however|moreover|furthermore|additionally|in\s+addition|also|specifically|notably|finally|overall|thus|"
    rf"therefore|in\s+particular|in\s+short|in\s+summary|for\s+example|for\s+instance|in\s+contrast|similarly|"
    rf"meanwhile|consequently|as\s+a\s+result)\s*,\s*)",
    re.I,
)


def plain(sentence: str) -> str:
    """`sentence` without citation markers, list bullets, emphasis and opening words such as "We show that"."""
    text = _MARKER.sub("", sentence)
    text = _EMPHASIS.sub("", _BULLET.sub("", text)).strip()
    for _ in range(3):
        shorter = _OPENERS.sub("", text, count=1)
        if shorter == text or len(shorter) < 10:
            break
        text = shorter
    return text


def figures(text: str) -> list[str]:
    """What `text` says in other signs than letters, in order: numbers with dots and signs, percent, comparisons."""
    return _FIGURES.findall(text)


_JOINT = re.compile(
    r"\s*(?:;\s*(?:while|whereas|but|and|however,)?|,\s*(?:while|whereas|but|and|although|though|yet)|"
    r"\s(?:while|whereas))\s+",
    re.I,
)
_OWN_SUBJECT = 4  # words that a clause has at least


def clauses(sentence: str) -> tuple[str, str] | None:
    """The two halves of a sentence that joins two claims by "while", "but", ", and" or ";"; None if it does not.

    Of several joints, the one nearest to the middle.
    """
    found = [
        m for m in _JOINT.finditer(sentence) if _is_clause(sentence[: m.start()]) and _is_clause(sentence[m.end() :])
    ]
    if not found:
        return None
    match = min(found, key=lambda m: abs(m.start() + m.end() - len(sentence)))
    return sentence[: match.start()], sentence[match.end() :]


def _is_clause(text: str) -> bool:
    return len(text.split()) >= _OWN_SUBJECT


def without_names(sentence: str, gone: Iterable[str]) -> str:
    """`sentence` without the names in `gone`, and without the "and" or comma that joined them to others."""
    for name in gone:
        each = re.escape(name)
        sentence = re.sub(rf"\b(?:both\s+)?{each}(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s+as\s+well\s+as\s+)", "", sentence)
        sentence = re.sub(rf"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s+as\s+well\s+as\s+)?\b{each}(?!\w)", "", sentence)
    return re.sub(r"^(?:both|like|as)\s+", "", sentence.strip(), flags=re.I)


_NAMED_TITLE = re.compile(
    r"^(?:(?:according\s+to|in|as\s+\w+\s+(?:in|by))\s+)?(?:the\s+|this\s+)?(?:paper|work|study|article|authors?\s+of)?\s*"
    r"(?:titled|called|entitled)?\s*[,:]?\s*[\"“‘'«*_]*$",
    re.I,
)


def without_title(sentence: str, titles: tuple[str, ...]) -> tuple[str, int | None]:
    """`sentence` without the title that it opens with, and the index of that title; else as it is, and None.

    'The paper "X" shows that Y' gives ("Y", index of X). A title of fewer than three words is a name, not framing.
    """
    low = sentence.casefold()
    for index in sorted(range(len(titles)), key=lambda i: -len(titles[i])):
        title = titles[index].casefold().strip().rstrip(".")
        at = low.find(title) if len(letters_of(title).split()) >= 3 else -1
        if at < 0 or not _NAMED_TITLE.match(sentence[:at]):
            continue
        rest = sentence[at + len(title) :].lstrip("\"”’'»*_.,: ")
        rest = re.sub(
            rf"^(?:\(?\d{{4}}\)?\s*)?(?:,\s*)?(?:{_AUTHORS}\s+)?(?:{_SAYS})?", "", rest, count=1, flags=re.I
        )
        return rest.strip(), index
    return sentence, None


_NAME = re.compile(r"[^\W_](?:[\w'’.+/&*-]*[\w+*])?")
_POSSESSIVE = re.compile(r"['’]s$")
# Capitals that begin no name: words that people write so anywhere.
_NO_NAMES = frozenset(
    """
    i ai ml ok a the we our in on of and it they this that these those its also however although besides despite unlike
    contrary nobody everyone anyone everything anything whatever whoever plenty bigger taken eleven twelve thirteen
    fourteen fifteen twenty thirty forty fifty sixty notably finally meanwhile nevertheless nonetheless likewise
    unfortunately unsurprisingly aside altogether
    """.split()  # noqa: SIM905
)
# What is hung on a name or a figure by a hyphen and is none: "LLM-based", "400M-parameter".
_HUNG_ON = re.compile(
    r"(?:-(?:based|style|like|type|level|scale|parameters?|tokens?|length|aware|class|sized?|trained|tuned|generated|"
    r"powered|driven|oriented|hours?|days?|shot|steps?|way|bit|layer|fold|images?|videos?|points?|models?))+$",
    re.I,
)
_AMOUNT = re.compile(r"[\d.,]+(?:[kKMBT]|[KMGT]i?B|[kMG]?Hz|ms|fps|FPS|px|p|x|D)?\+?")


@lru_cache(maxsize=4_096)
def names(sentence: str) -> tuple[str, ...]:
    """Names in `sentence`: acronyms, CamelCase, letters with digits, capitalised words within a sentence.

    The first word counts only where it is no ordinary word.
    """
    found = []
    for match in _NAME.finditer(sentence):
        token = _POSSESSIVE.sub("", match.group())
        if token.islower() and token.isalpha():
            continue
        for part in _parts(token):
            if _is_name(part, first=_opens(sentence, match.start())):
                found.append(part)
    return tuple(dict.fromkeys(found))


def _parts(token: str) -> list[str]:
    """A hyphenated or slashed compound in parts, unless digits hold it together (GPT-4, Qwen2.5-7B); none of "7B"."""
    token = _HUNG_ON.sub("", token)
    if _AMOUNT.fullmatch(token):
        return []
    if any(c.isdigit() for c in token) and any(c.isalpha() for c in token):
        return [token] if "/" not in token else token.split("/")
    return re.split(r"[-/]", token)


def _opens(sentence: str, start: int) -> bool:
    before = sentence[:start].rstrip(" \"'“‘([")
    return not before or before[-1] in ".!?:;"


def _is_name(part: str, *, first: bool) -> bool:
    low = part.casefold()
    if len(part) < 2 or low in _NO_NAMES or not any(c.isalpha() for c in part):
        return False
    if re.fullmatch(r"[\d.,]+[A-Za-z%]?", part):
        return False
    if any(c.isdigit() for c in part):
        return any(c.isupper() for c in part) or bool(re.fullmatch(r"[a-z]+\d+[a-z]*", part) and len(part) > 3)
    if any(c.isupper() for c in part[1:]):
        return True
    if not part[0].isupper() or low in STOP_WORDS:
        return False
    return not first or not is_common(stem(low))


# Expansions that every reader of the field takes for the short form.
_KNOWN = {
    "llm": "large language model", "lm": "language model", "vlm": "vision language model",
    "mllm": "multimodal large language model", "lvlm": "large vision language model",
    "rl": "reinforcement learning", "nlp": "natural language processing", "sft": "supervised fine tuning",
    "rlhf": "reinforcement learning from human feedback", "rag": "retrieval augmented generation",
    "cot": "chain of thought", "moe": "mixture of experts", "dpo": "direct preference optimization",
    "ppo": "proximal policy optimization", "grpo": "group relative policy optimization", "vit": "vision transformer",
    "cnn": "convolutional neural network", "rnn": "recurrent neural network", "gan": "generative adversarial network",
    "nerf": "neural radiance field", "asr": "automatic speech recognition", "tts": "text to speech",
    "vqa": "visual question answering", "qa": "question answering", "kv": "key value", "sota": "state of the art",
    "icl": "in context learning", "t2i": "text to image", "t2v": "text to video", "i2v": "image to video",
    "dit": "diffusion transformer", "vae": "variational autoencoder", "ssm": "state space model",
    "gui": "graphical user interface", "ood": "out of distribution", "peft": "parameter efficient fine tuning",
    "3dgs": "3d gaussian splatting", "ar": "autoregressive", "ai": "artificial intelligence",
}  # fmt: skip


_QUOTED = re.compile(r"[\"“]([^\"“”]{3,200})[\"”]")


def quotations(sentence: str) -> tuple[str, ...]:
    """What `sentence` puts between double quotation marks."""
    return tuple(_QUOTED.findall(sentence))


_ACRONYM = re.compile(r"([A-Z][A-Za-z0-9-]*[A-Z0-9])s?")


class Naming:
    """The names that a paper's title and abstract know, and whether they know a given one."""

    def __init__(self, title: str, sentences: Sequence[str]) -> None:
        text = f"{title}. {' '.join(sentences)}"
        self._squeezed = f" {_squeeze(text)} "
        self._stems = frozenset(w.stem for row in (title, *sentences) for w in words(row))
        self._text = text
        self._short = abbreviations(text)
        self._plain = f" {letters_of(text)} "
        self._known: dict[str, bool] = {}
        introduced = [m.group(1) for s in sentences for p in (_GIVEN, _DEFINED) for m in p.finditer(s)]
        self._own = {_squeeze(n).removesuffix("s") for part in (title, *introduced) for n in names(f"x {part}")}

    def knows(self, name: str, sentences: Sequence[str] = ()) -> bool:
        """Whether `name` stands in the paper, in any case, with or without hyphens, short or written out.

        Where `sentences` are given, it must stand in one of them unless it is the paper's own name: in its title,
        or one that its authors gave.
        """
        if name not in self._known:
            self._known[name] = self._looks_up(name)
        if not self._known[name] or not sentences or self._is_own(name):
            return self._known[name]
        return any(_within(sentence).knows(name) for sentence in sentences)

    def _is_own(self, name: str) -> bool:
        return _squeeze(name).removesuffix("s") in self._own

    def names_own(self, name: str) -> bool:
        """Whether `name` is the paper's own: in its title, or one that its authors gave."""
        return self.knows(name) and self._is_own(name)

    def says(self, words_: str) -> bool:
        """Whether the paper has these words, punctuation and case apart."""
        return letters_of(words_) in self._plain

    def _looks_up(self, name: str) -> bool:
        low = name.casefold()
        if low in self._short or stem(low) in self._stems:
            return True
        squeezed = _squeeze(name)
        singular = squeezed.removesuffix("s") if len(squeezed) > 3 else squeezed
        if re.search(rf"(?<![^\W_])(?:{re.escape(squeezed)}|{re.escape(singular)})s?(?![^\W_])", self._squeezed):
            return True
        if singular in _KNOWN and f" {_KNOWN[singular]} " in self._plain.replace("models ", "model "):
            return True
        acronym = _ACRONYM.fullmatch(name)  # "GPUs" of "GPU-parallelized"
        if acronym and re.search(rf"(?<![A-Za-z0-9]){re.escape(acronym[1])}s?(?![A-Za-z0-9])", self._text):
            return True
        letters = low.removesuffix("s") if name[:-1].isupper() else low
        return name[:-1].isupper() and 3 <= len(letters) <= 5 and letters in initials(self._text)


# Where authors name what they made: "we propose X, a …", "a method called X", "our model (X)".
_GIVEN = re.compile(
    r"\b(?:propos|introduc|present|develop|call|nam|term|dub|creat|build|construct|releas|design|devis|refer|denot|"
    r"our|this)(?:e|es|ed|ing|s|t|red)?\b(.{0,80})",
    re.I,
)


_DEFINED = re.compile(r"^([A-Z]\S{1,40})(?: \([^()]{1,60}\))? (?:is|are) (?:an?|the|our)\b")  # "X is a …"


@lru_cache(maxsize=4_096)
def _within(sentence: str) -> Naming:
    return Naming("", (sentence,))


def _squeeze(text: str) -> str:
    """Lower case with hyphens, dots inside words and underscores left out: "GPT-4o" and "GPT 4o" meet."""
    return re.sub(r"(?<=\w)[-–_.'’](?=\w)", "", text.casefold())
