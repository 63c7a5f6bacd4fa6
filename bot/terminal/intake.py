"""How the taking in of a source is told."""

from bot.library.intake import Intake
from bot.terminal.screen import Screen


def show_intake(screen: Screen, told: Intake, *, as_json: bool = False) -> None:
    """What became of a source; what was rejected, and with `as_json` all words, on standard error."""
    for rejected in told.rejected:
        screen.tell(f"{told.source}, {rejected.where}: {rejected.reason}")
    if told.found and not told.taken:
        screen.tell(f"papers: {told.source}: none of its papers could be taken")
    dated = told.date_note or told.date
    if as_json:
        screen.json(told.json())
        if dated:
            screen.tell(f"{told.source}: date: {dated}")
    else:
        screen.say(
            f"{told.source}: {told.found:,} found: {told.added:,} added, {told.updated:,} updated, "
            f"{told.unchanged:,} unchanged, {len(told.rejected):,} rejected"
        )
        if dated and told.taken:
            screen.say(f"date: {dated}", indent=2)
    if told.note:
        screen.tell(told.note)
