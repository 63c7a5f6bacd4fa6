"""Is everything in order? Each check gives findings: what was looked at, how it stands, what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from bot.errors import BadInput, LibraryDamaged, PapersError
from bot.library.library import Library
from bot.library.writing import Progress, holder_of
from bot.settings import Settings

_OPENAI = "https://api.openai.com/v1"

State = Literal["ok", "note", "wrong"]
"""`wrong` is damaged data or a value that is set and wrong; a `note` is all that is merely worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    part: str
    state: State
    text: str


def examine(settings: Settings, *, repair: Progress | None = None) -> Iterator[Finding]:
    """Check data directory, library, model and token, one finding after another.

    With `repair`, which is told of the progress, the indexes are built anew from the catalogue where they do
    not agree with it.
    """
    yield from _library(settings, repair)
    yield _model(settings)
    yield _token(settings)


def _library(settings: Settings, repair: Progress | None) -> Iterator[Finding]:
    home = settings.home
    try:
        library = Library(settings)
    except PapersError as error:
        part = "catalogue" if isinstance(error, LibraryDamaged) else "data directory"
        yield Finding(part, "wrong", str(error))
        return
    with library:
        yield Finding("data directory", "ok", str(home))
        if holder := holder_of(home):
            yield Finding("data directory", "note", f"being written by {holder}")
        try:
            if faults := library.catalogue.faults():
                yield Finding("catalogue", "wrong", f"damaged ({faults[0]}); restore it from a copy, or move it away")
                return
            papers, chunks = library.catalogue.count()
        except PapersError as error:
            yield Finding("catalogue", "wrong", str(error))
            return
        what = f"{papers:,} papers, {chunks:,} chunks" if papers else "no papers yet: try `papers ingest sample`"
        yield Finding("catalogue", "ok" if papers else "note", what)
        yield _indexes(library, repair)


def _indexes(library: Library, repair: Progress | None) -> Finding:
    trouble = _disagreement(library)
    if trouble is None:
        return Finding("indexes", "ok", "agree with the catalogue")
    if repair is None:
        return trouble
    try:
        library.repair(repair)
    except PapersError as error:
        return Finding("indexes", "wrong", f"not mended: {error}")
    left = _disagreement(library)
    if left and left.state == "wrong":
        return Finding("indexes", "wrong", f"not mended: {left.text}")
    return Finding("indexes", "ok", "were built anew from the catalogue and agree with it")


def _disagreement(library: Library) -> Finding | None:
    """How the indexes and the catalogue differ; None where they do not."""
    try:
        held = library.check()
    except PapersError as error:
        return Finding("indexes", "wrong", str(error))
    if not held.sound:
        text = f"{held.missing_vectors:,} vectors and {held.missing_lexical:,} texts are missing"
        return Finding("indexes", "wrong", f"{text}; run `papers doctor --repair`")
    strays = held.stray_vectors + held.stray_lexical
    if strays:
        return Finding("indexes", "note", f"{strays:,} chunks belong to no paper; the next writing tidies them up")
    return None


def _model(settings: Settings) -> Finding:
    """What answers questions, and whether it can be reached."""
    name = settings.model
    if name is None and settings.openai_api_key is None and settings.openai_base_url is None:
        return Finding("model", "note", "none is set: answers quote the papers word for word")
    if name is not None and name.lower() == "none":
        return Finding("model", "ok", "none, as PAPERS_MODEL says: answers quote the papers word for word")
    from bot.answers.models import explain_failure, is_openai, make_chat_model

    if name is None or is_openai(name):
        return _openai(name, settings)

    try:
        make_chat_model(name, settings)
    except BadInput as error:
        return Finding("model", "wrong", str(error))
    except Exception as error:  # each provider's package has errors of its own
        return Finding("model", "wrong", f"{name}: {explain_failure(error)}")
    return Finding("model", "ok", f"{name}; whether it can be reached shows when it is asked")


def _openai(name: str | None, settings: Settings) -> Finding:
    import httpx

    from bot.answers.models import list_models

    own = settings.openai_base_url
    key = settings.openai_api_key
    if key is None and own is None:
        return Finding("model", "wrong", f"{name} needs OPENAI_API_KEY")
    where = urlsplit(own or _OPENAI).hostname
    try:
        reply = list_models(own or _OPENAI, settings)
        reply.raise_for_status()
        served = [str(model["id"]) for model in reply.json()["data"]]
    except httpx.HTTPStatusError as error:
        if error.response.status_code in (401, 403):
            return Finding("model", "wrong", f"{where} refuses the key; check OPENAI_API_KEY")
        return Finding("model", "note", f"{where} lists no models (status {error.response.status_code})")
    except httpx.HTTPError as error:
        kind = "does not answer" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
        if own:
            return Finding("model", "wrong", f"{where} {kind}; check OPENAI_BASE_URL, and whether the server runs")
        return Finding("model", "note", f"{where} {kind} from here; answers will quote the papers instead")
    except (ValueError, KeyError, TypeError):
        return Finding("model", "wrong", f"what {where} sends is no list of models; check OPENAI_BASE_URL")
    asked = (name or "").removeprefix("openai:") or (served[0] if own and served else _default())
    if asked not in served:
        state: State = "note" if own else "wrong"  # servers with one model often take any name for it
        return Finding("model", state, f"{where} does not list {asked!r}; PAPERS_MODEL names another")
    return Finding("model", "ok", f"openai:{asked}, at {where}")


def _default() -> str:
    from bot.answers.models import DEFAULT_MODEL

    return DEFAULT_MODEL.removeprefix("openai:")


def _token(settings: Settings) -> Finding:
    if settings.discord_token is None:
        return Finding("Discord token", "note", "none is set: `papers discord` needs one")
    return Finding("Discord token", "ok", "set; Discord checks it when the bot logs in")
