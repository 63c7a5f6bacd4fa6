"""papers-bot: questions about the day's machine-learning papers, answered with checked citations.

The rooms, in the order in which a paper and a question pass through them; none imports a later one:

- `bot.papers`: what a paper is, and the sources that papers come from
- `bot.library`: where papers are kept and found again
- `bot.answers`: from a question to a checked answer
- `bot.digest`: the daily summary
- `bot.terminal`, `bot.cli`, `bot.repl`, `bot.discord_app`: where people meet it
"""

__version__ = "0.1.0"
