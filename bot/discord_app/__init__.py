"""The Discord bot: questions asked where people talk, answered by the same core as everywhere."""

from bot.settings import Settings


def run(settings: Settings, invite: bool) -> int:
    """Run the bot until SIGINT or SIGTERM, or with `invite` print its invite link; the exit status.

    Raises `PapersError` where it cannot start, with what to do about it.
    """
    from bot.discord_app.running import run  # discord.py takes half a second to import

    return run(settings, invite=invite)
