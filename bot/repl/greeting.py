"""The first screen: what is loaded, who answers, and how to get papers."""

from bot.answers.models import DEFAULT_MODEL
from bot.logs import redactor
from bot.repl.opening import Opening
from bot.settings import Settings


def greeting(opening: Opening, settings: Settings) -> list[str]:
    """The lines to show once the library of `opening` is open. Raises what opening it raised."""
    catalogue = opening.library.catalogue
    papers, _ = catalogue.count()
    lines = list(opening.notes)
    if not papers:
        lines.append(
            "There are no papers yet. /ingest hf takes today's from Hugging Face, /ingest FILE a saved page, "
            "/ingest sample the bundled sample."
        )
        return lines
    days = catalogue.days()
    span = "" if not days else f" of {days[0][0]}" if len(days) == 1 else f" from {days[0][0]} to {days[-1][0]}"
    lines.append(f"{papers:,} {'paper' if papers == 1 else 'papers'}{span}. {_who_answers(settings)}")
    if catalogue.only_notes():
        lines.append(
            "Only the bundled sample is loaded: notes on the papers, not their abstracts. For real papers: "
            "/ingest hf takes today's from Hugging Face, /ingest hf:2025-08-04 those of a day, /ingest FILE a "
            "saved Daily Papers page."
        )
    return lines


def _who_answers(settings: Settings) -> str:
    name = settings.model
    if name is None and settings.openai_base_url:
        name = f"the first model of {settings.openai_base_url}"
    elif name is None and settings.openai_api_key:
        name = DEFAULT_MODEL
    if name is None or name.lower() == "none":
        return "Without a model, answers quote the papers word for word."
    return redactor(settings)(f"Answers are written by {name}, each sentence checked.")
