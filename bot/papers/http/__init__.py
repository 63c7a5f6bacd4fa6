"""The one HTTP client: `Fetcher` gets a page or feed within its limits, and raises `PapersError` otherwise."""

from bot.papers.http.client import Answer, Fetcher, shown

__all__ = ["Answer", "Fetcher", "shown"]
