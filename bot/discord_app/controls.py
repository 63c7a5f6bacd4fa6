"""Buttons, menus and forms under messages. All of them work after a restart.

What a control does, and to what, stands in its custom id: `papers:NAME:NUMBER:…`. One dynamic item for
buttons and one for menus take every press; `actions` holds what each name does.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot import limits
from bot.answers.answer import Answer
from bot.discord_app import words
from bot.discord_app.failures import guarded
from bot.discord_app.records.conversations import Asked
from bot.discord_app.rendering import label
from bot.library.catalogue import Stored

if TYPE_CHECKING:
    from bot.discord_app.client import PapersBot

_TEMPLATE = r"papers:(?P<name>[a-z_]+)(?P<numbers>(?::\d+)*)"
FORM_SECONDS = 15 * 60.0

LEFT, RIGHT = "◀", "▶"


class Press(ui.DynamicItem[ui.Button[Any]], template=_TEMPLATE):
    """A button of ours, whenever it was made."""

    def __init__(self, button: ui.Button[Any], name: str = "", numbers: Sequence[int] = ()) -> None:
        super().__init__(button)
        self._name = name
        self._numbers = tuple(numbers)

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: Any, /) -> Self:
        """The button that was pressed."""
        assert isinstance(item, ui.Button)
        return cls(item, match["name"], [int(n) for n in match["numbers"].split(":")[1:]])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the button is for."""
        bot: PapersBot = interaction.client
        if bot.services.seen.first(interaction.id):
            act = bot.actions[self._name]
            await guarded(interaction, f"button {self._name}", lambda: act(interaction, *self._numbers))


class Choose(ui.DynamicItem[ui.Select[Any]], template=r"papers:choose_paper"):
    """The menu of papers that a title may mean."""

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: Any, /) -> Self:
        """The menu that was used."""
        assert isinstance(item, ui.Select)
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the chosen paper."""
        bot: PapersBot = interaction.client
        if bot.services.seen.first(interaction.id):
            key, rev = map(int, self.item.values[0].split(":"))
            act = bot.actions["choose_paper"]
            await guarded(interaction, "menu of papers", lambda: act(interaction, key, rev))


def _button(
    name: str,
    *numbers: int,
    text: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    disabled: bool = False,
    row: int | None = None,
) -> Press:
    custom_id = ":".join(["papers", name, *map(str, numbers)])
    return Press(ui.Button(label=text, style=style, custom_id=custom_id, disabled=disabled, row=row))


def _view() -> ui.View:
    """An empty view. discord.py need not remember it: its items say themselves what they are."""
    view = ui.View(timeout=None)
    view.stop()
    return view


def answer_view(
    number: int, asked: Asked, answer: Answer, pages: int, *, page: int = 0, thread: bool = False
) -> ui.View:
    """The buttons under an answer. `pages` are how many it has; `thread` offers to open one."""
    view = _view()
    asker, private = asked.person, int(asked.private)
    view.add_item(_button("sources", number, text=words.SOURCES_BUTTON, disabled=not answer.sources, row=0))
    primary = discord.ButtonStyle.primary
    view.add_item(_button("follow_up", number, private, text=words.FOLLOW_UP_BUTTON, style=primary, row=0))
    view.add_item(_button("up", number, text=words.UP_BUTTON, row=0))
    view.add_item(_button("down", number, text=words.DOWN_BUTTON, row=0))
    view.add_item(_button("delete", number, asker, text=words.DELETE_BUTTON, row=0))
    if pages > 1:
        _turning(view, "answer", number, asker, page, pages)
    if thread:
        view.add_item(_button("thread", number, text=words.THREAD_BUTTON, row=1))
    return view


def pages_view(kind: str, number: int, owner: int, page: int, pages: int) -> ui.View | None:
    """The buttons that turn the pages of a list; None for a single page."""
    if pages < 2:
        return None
    view = _view()
    _turning(view, kind, number, owner, page, pages)
    return view


def _turning(view: ui.View, kind: str, number: int, owner: int, page: int, pages: int) -> None:
    back = _button(f"{kind}_back", number, owner, max(page - 1, 0), text=LEFT, disabled=page == 0, row=1)
    on = min(page + 1, pages - 1)
    view.add_item(back)
    view.add_item(_button(f"{kind}_on", number, owner, on, text=RIGHT, disabled=page >= pages - 1, row=1))


def thread_view(number: int) -> ui.View:
    """The button under the first message of a thread."""
    view = _view()
    primary = discord.ButtonStyle.primary
    view.add_item(_button("follow_up", number, 0, text=words.FOLLOW_UP_BUTTON, style=primary))
    return view


def papers_view(papers: Sequence[Stored]) -> ui.View:
    """A menu to choose one of `papers` from; as many as Discord takes."""
    options = [
        discord.SelectOption(
            label=label(stored.paper.title, limits.DISCORD_CHOICE),
            value=f"{stored.key}:{stored.rev}",
            description=words.day(stored.paper.date),
        )
        for stored in papers[: limits.DISCORD_CHOICES]
    ]
    view = _view()
    view.add_item(Choose(ui.Select(custom_id="papers:choose_paper", options=options)))
    return view


# Forms. Discord names a form's custom id when it is sent in, so that too works after a restart: `PapersBot`
# hands it to `actions` itself, which discord.py would do only for forms that this process has shown.


class Form(ui.Modal):
    """A form with one field, `text`."""

    def __init__(self, custom_id: str, title: str, field: str, *, most: int, required: bool) -> None:
        super().__init__(title=title, timeout=FORM_SECONDS, custom_id=custom_id)
        self.add_item(
            ui.TextInput(
                label=field,
                custom_id="text",
                style=discord.TextStyle.paragraph,
                max_length=most,
                required=required,
            )
        )


def follow_up_form(number: int, private: int) -> Form:
    """Asks for a question that goes on from an answer; `private` 1 if that is only the asker's to see."""
    return Form(
        f"papers:follow_up_form:{number}:{private}",
        words.FOLLOW_UP_TITLE,
        words.FOLLOW_UP_LABEL,
        most=limits.QUESTION_CHARS,
        required=True,
    )


def reason_form(number: int) -> Form:
    """Asks why an answer got a 👎."""
    return Form(
        f"papers:reason_form:{number}",
        words.REASON_TITLE,
        words.REASON_LABEL,
        most=limits.REASON_CHARS,
        required=False,
    )


def form_text(interaction: discord.Interaction[Any]) -> str:
    """What was written into a form's field."""
    found: list[str] = []

    def walk(components: Sequence[Any]) -> None:
        for component in components:
            if component.get("custom_id") == "text":
                found.append(str(component.get("value") or ""))
            walk(component.get("components") or ())
            if inner := component.get("component"):
                walk([inner])

    data: Any = interaction.data or {}
    walk(data.get("components") or ())
    return found[0] if found else ""
