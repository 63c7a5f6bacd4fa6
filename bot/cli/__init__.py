"""The command `papers`: one module for each group of commands, put together in `bot.cli.app`.

Modules here import nothing heavy at their top: `papers --help` reads them all.
"""
