"""`papers discord` up to the point where it would log in; the bot itself has tests of its own."""

from pathlib import Path

from tests.conftest import Run


def test_without_a_token_it_says_where_to_get_one(papers: Run, filled: Path) -> None:
    result = papers("discord")
    assert result.status == 2
    assert "DISCORD_TOKEN is missing" in result.err
    assert "discord.com/developers" in result.err
