"""A summary as one HTML page: no script, no outside request, light and dark, readable on a phone."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib import resources

from bot.digest.digest import Digest
from bot.digest.view import Line, PaperView, ThemeView, View, view_of


def page_of(digest: Digest, picture: str | None = None) -> str:
    """`digest` as a whole page. Its policy lets the browser load nothing but the page's own style and picture.

    The picture is built in, unless its address, as of another part of a mail, is given.
    """
    view = view_of(digest)
    if view.picture and picture is None:
        picture = f"data:image/png;base64,{b64encode(view.picture).decode()}"
    style = resources.files("bot.digest").joinpath("page.css").read_text("utf-8")
    key = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{key}'; img-src data: cid:; base-uri 'none'; form-action 'none'"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(view.title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            "<main>",
            f"<h1>{escape(view.title)}</h1>",
            body_of(view, picture),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def body_of(view: View, picture: str | None = None) -> str:
    """What stands under the heading, as HTML without scripts or styles; `picture` is the map's address, if any."""
    parts = [f'<p class="soft">{escape(view.intro)}</p>']
    if view.overview:
        parts += ["<h2>Overview</h2>", '<ul class="overview">']
        parts += [f"<li>{_sentence(line)}</li>" for line in view.overview]
        parts += ["</ul>", *(f"<p>{escape(trend)}</p>" for trend in view.trends)]
    if picture:
        names = "; ".join(theme.name for theme in view.themes)
        alt = escape(f"Map of the day: each dot is a paper, near to those like it. Themes: {names}.")
        parts.append(f'<img class="map" alt="{alt}" src="{picture}">')
    if len(view.themes) > 1:
        parts += ["<h2>Themes</h2>", *(_theme(theme) for theme in view.themes)]
    if view.papers:
        parts += ["<h2>Papers</h2>", '<ol class="papers">', *(_paper(p, view) for p in view.papers), "</ol>"]
    if view.notes:
        parts.append('<div class="notes">' + "".join(f"<p>{escape(note)}</p>" for note in view.notes) + "</div>")
    return "\n".join(parts)


def _sentence(line: Line) -> str:
    lead = f'<span class="lead">{escape(line.lead)}:</span> ' if line.lead else ""
    marks = "".join(f'<a href="#p{n}">[{n}]</a>' for n in line.citations)
    return f"{lead}{escape(line.text)} {marks}"


def _theme(theme: ThemeView) -> str:
    members = ", ".join(f'<a href="#p{p.n}" title="{escape(p.title)}">{p.n}</a>' for p in theme.papers)
    return "\n".join(
        [
            f'<h3>{escape(theme.name)} <span class="size">({theme.size})</span></h3>',
            f"<p>{' '.join(_sentence(line) for line in theme.lines)}</p>",
            f'<p class="soft members">Papers {members}</p>',
        ]
    )


def _paper(paper: PaperView, view: View) -> str:
    title = escape(paper.title)
    if paper.url:
        title = f'<a href="{escape(paper.url)}" rel="noopener noreferrer">{title}</a>'
    facts = [view.themes[paper.theme].name] if len(view.themes) > 1 else []
    facts += paper.facts
    about = f"<p>{escape(paper.about)}</p>" if paper.about else ""
    small = f'<p class="facts">{escape(" · ".join(facts))}</p>' if facts else ""
    return (
        f'<li id="p{paper.n}"><span class="n">{paper.n}</span>'
        f'<div><span class="title">{title}</span>{about}{small}</div></li>'
    )
