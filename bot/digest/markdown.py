"""A summary as Markdown (CommonMark), with links and nothing that a paper's text could turn into markup."""

import re

from bot.digest.digest import Digest
from bot.digest.view import Line, PaperView, ThemeView, view_of

# All ASCII punctuation may be escaped in CommonMark; these can mean something inside a line.
_INLINE = re.compile(r"[\\`*_{}\[\]<>&|~$@]|(?<=!)(?=\[)|(?<=\w)://")
_LINE_START = re.compile(r"^(\d+)([.)])|^([#+\-=>:])")


def markdown_of(digest: Digest) -> str:
    """`digest` as a Markdown document, ending with a line break."""
    view = view_of(digest)
    blocks = [f"# {escape(view.title)}", escape(view.intro)]
    if view.overview:
        blocks += ["## Overview", "\n".join(f"- {_sentence(line)}" for line in view.overview)]
        blocks += [escape(trend) for trend in view.trends]
    if len(view.themes) > 1:
        blocks += ["## Themes", *(_theme(theme) for theme in view.themes)]
    if view.papers:
        blocks += ["## Papers", "\n".join(_paper(paper) for paper in view.papers)]
    if view.notes:
        blocks.append("\n".join(f"*{escape(note)}*  " for note in view.notes).rstrip())
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """`text` on one line such that Markdown shows its characters and nothing else."""
    text = _INLINE.sub(lambda m: ":\\//" if m[0] == "://" else f"\\{m[0]}" if m[0] else "\\", text)
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", text)


def _sentence(line: Line) -> str:
    lead = f"**{escape(line.lead)}:** " if line.lead else ""
    return f"{lead}{escape(line.text)} {line.marks}"


def _theme(theme: ThemeView) -> str:
    lines = [f"### {escape(theme.name)} ({theme.size})", ""]
    if theme.lines:
        lines += [" ".join(_sentence(line) for line in theme.lines), ""]
    return "\n".join([*lines, "Papers " + ", ".join(str(p.n) for p in theme.papers)])


def _paper(paper: PaperView) -> str:
    title = f"[{escape(paper.title)}](<{paper.url}>)" if paper.url else escape(paper.title)
    facts = f" ({'; '.join(paper.facts)})" if paper.facts else ""
    about = f"  \n    {escape(paper.about)}" if paper.about else ""
    return f"{paper.n}. **{title}**{facts}{about}"
