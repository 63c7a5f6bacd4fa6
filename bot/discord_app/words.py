"""Every word of the bot's own that people read in Discord, in one place.

Those that are shown as markdown are written as such; what fills the gaps is made harmless by its caller.
"""

from datetime import date, datetime

from bot.discord_app.rendering import plain

# Commands, as the picker shows them (at most 100 characters)
ASK = "Ask about the papers; every sentence of the answer is checked against their abstracts"
ASK_QUESTION = "What do you want to know?"
ASK_PRIVATE = "Only you see the answer"
SINCE = "Only papers from this day on, such as 2025-08-04"
UNTIL = "Only papers up to this day, such as 2025-08-04"
DAILY = "The summary of a day's papers: overview, themes, top papers, and a map"
DAILY_DATE = "The day, such as 2025-08-04; without it the newest"
DAILY_TOPIC = "Only papers on this topic"
PAPER = "One paper: a summary, its date and link, and related papers"
PAPER_TITLE = "Its title or a part of it, or an id such as 2508.01234"
SEARCH = "Find papers by what they are about"
SEARCH_QUERY = "What the papers should be about"
FOLLOW = "Be told of new papers on a topic, by direct message"
FOLLOW_ADD = "Follow a topic"
FOLLOW_LIST = "The topics that you follow"
FOLLOW_REMOVE = "Follow a topic no longer"
FOLLOW_TOPIC = "A few words, such as: protein language models"
SETTINGS = "How the bot works in this server (needs Manage Server)"
SETTINGS_SHOW = "What is set in this server"
SETTINGS_DIGEST = "When and where the daily summary is posted"
SETTINGS_CHANNEL = "The channel for the daily summary"
SETTINGS_TIME = "The time of day, such as 09:00"
SETTINGS_ZONE = "The time zone, such as Europe/Berlin"
SETTINGS_EMPTY = "On a day without papers"
SETTINGS_EMPTY_SAY = "say so"
SETTINGS_EMPTY_SILENT = "say nothing"
SETTINGS_OFF = "Post no daily summary any more"
SETTINGS_CHANNELS = "Where the bot answers; by default in every channel"
SETTINGS_ALLOW = "Answer in this channel (once one is allowed, only in those)"
SETTINGS_DENY = "Do not answer in this channel"
SETTINGS_EVERYWHERE = "Answer in every channel again"
SETTINGS_QUOTA = "How many questions are answered in a day"
SETTINGS_QUOTA_PERSON = "For each person"
SETTINGS_QUOTA_SERVER = "For the whole server"
SETTINGS_SOURCES = "Where new papers come from"
SETTINGS_SOURCES_ADD = "hf (Hugging Face Daily Papers), or an arXiv category such as arxiv:cs.CL"
SETTINGS_SOURCES_REMOVE = "A source to fetch no longer"
PRIVACY = "What the bot stores of you, and how to have it deleted"
PRIVACY_SHOW = "What is stored of you"
PRIVACY_FORGET = "Delete all that is stored of you, now"
HELP = "How to use this bot"
ABOUT = "What this bot is, and how far to trust it"
MENU_ASK = "Ask about this"
MENU_RELATED = "Find related papers"
MENU_RELATED_TITLE = "Related papers"

# Buttons and forms
SOURCES_BUTTON = "Sources"
FOLLOW_UP_BUTTON = "Ask a follow-up"
UP_BUTTON = "👍"
DOWN_BUTTON = "👎"
DELETE_BUTTON = "Delete"
THREAD_BUTTON = "Open a thread"
FOLLOW_UP_TITLE = "Ask a follow-up"
FOLLOW_UP_LABEL = "Your question"
REASON_TITLE = "What was wrong with it?"
REASON_LABEL = "A word or two (you may leave it empty)"

# Answers
SOURCES_HEADING = "### Sources"
CLOSEST_HEADING = "### The closest papers"
RELATED_HEADING = "### Related papers"
NOTE = "note on the paper, not its abstract"
READING = "*Reading {n}…*"
WRITING = "*Writing, and checking each sentence…*"
QUEUED = "*Waiting for my turn…*"
EXTRACTIVE = "quoted from the papers, no model"
ABSTAINED = "no answer in these papers"
WRITTEN = "written by {model}, each sentence checked against the abstracts"
INTERRUPTED = "*I was stopped before this answer was finished. Please ask again in a minute.*"
GAVE_UP = "*It took too long, and Discord lets me answer no later. Please ask again.*"
UPVOTES = "{n} upvotes"
PAGE = "page {n} of {of}"
NO_QUOTES = "This answer cites no papers."
EXPIRED = "That is no longer stored, so I can't look it up again. Please ask anew."
NOT_YOURS = "Only the person who asked can do that."
CANNOT_DELETE = "I may not delete that message here."
THANKS = "Thank you, noted."
THANKS_REASON = "Thank you. What you wrote is kept beside the question and its sources."

# Refusals
STOPPING = "I am being restarted. Please ask again in a minute."
QUEUE_FULL = "Too many questions are waiting just now. Please ask again in a few minutes."
EMPTY = "Ask me something about the papers, such as: *Which papers are about robot learning?*"
EMPTY_THREAD = (
    "I can't read messages here unless you mention me, reply to me, or press **Ask a follow-up** under an answer. "
    "(Discord shows me no other text.)"
)
TOO_LONG = "That is too long: the limit is {limit:,} characters."
BAD_DATE = "{text} is no date. Write it as 2025-08-04."
BAD_RANGE = "That range is empty: its first day is after its last."
NO_TEXT = "That message has no text that I can read."
NEEDS_MANAGE = "That needs the permission Manage Server."
SERVER_ONLY = "That works in a server only."
UNKNOWN_COMMAND = "That command has changed. Please try again in a minute."

# Papers
NO_PAPER = "I know no paper of that title or id. Try `/search`."
SEVERAL_PAPERS = "**Several papers fit. Which one?**"
MORE_PAPERS = "… and {n} more"
NO_RESULTS = "No papers found."
NO_PAPERS = "There are no papers yet."
LIBRARY_EMPTY_HINT = "There are no papers yet; load some with: papers ingest hf"

# Threads
THREAD_STARTED = "Ask on here: mention me, reply to me, or press the button. I remember what was said here."
THREAD_STARTED_OPEN = "Ask on here: just write. I remember what was said here."
THREAD_OPENED = "Here: {thread}"
THREAD_REFUSED = "I may not open threads here: I need Create Public Threads and Send Messages in Threads."

# Follow
FOLLOWED = "You now follow **{topic}**. I'll write to you when a new paper matches."
FOLLOW_KNOWN = "You follow that already."
FOLLOW_MANY = "You follow {n} topics already; remove one first."
FOLLOW_EMPTY = "Give me a few words to follow."
FOLLOWS_NONE = "You follow no topics. `/follow add` begins."
FOLLOWS = "You follow:"
UNFOLLOWED = "You follow **{topic}** no longer."
UNFOLLOW_UNKNOWN = "You don't follow that."
FOLLOW_NEWS = "New papers on what you follow"
FOLLOW_NEWS_TOPIC = "**On “{topic}”**"
FOLLOW_FOOTER = "/follow remove ends these messages"

# Settings
SETTINGS_TITLE = "Settings of this server"
DIGEST_SET = "The daily summary will be posted in {channel} at {time} ({zone}), next {next}."
DIGEST_OFF = "No daily summary will be posted."
DIGEST_NEEDS_CHANNEL = "Say in which channel."
DIGEST_CANNOT = "I may not post there. In {channel} I need: {permissions}."
BAD_TIME = "{text} is no time of day. Write it as 09:00."
BAD_ZONE = "{text} is no time zone that I know. Choose one such as Europe/Berlin."
CHANNELS_ALL = "I answer in every channel."
CHANNELS_NOTHING = "Choose a channel to allow or deny."
QUOTA_NOTHING = "Give a number for each person, for the server, or both."
SOURCES_NOTHING = "Give a source to add or to remove."
BAD_SOURCE = "{text} is no source that I may fetch. There are `hf` and arXiv categories such as `arxiv:cs.CL`."
SOURCE_UNKNOWN = "{text} is not among this server's sources."
SOURCES_SET = "Sources of this server: {own}. For all servers: {all}."
SOURCES_MANY = "A server may have {n} sources; remove one first."
NEVER = "never"
NONE = "none"

# Daily
THEMES_HEADING = "Themes"
TOP_HEADING = "Top papers"
PICTURE_ABOUT = "A map of {n} papers, as dots that lie near each other where they are alike, with their themes"

CHANNEL_GONE = "the channel is gone"
CHANNEL_FORBIDDEN = "I may not write in the channel"
NOT_FETCHED = "the papers could not be fetched; the log says why"
SOURCE_MISSING = "{source} could not be fetched: {reason}"
DIGEST_GIVEN_UP = "it failed several times; the log says why"

# Failures
CANNOT_WRITE = "I can't answer in {channel} of {server}: I may not write there. An admin can allow me Send Messages."


def failed(code: str) -> str:
    """What is shown when something broke; the log has the same code."""
    return f"Something went wrong on my side. If it happens again, tell whoever runs me this code: `{code}`"


def over_person_quota(limit: int, ends: datetime) -> str:
    """A person's questions of the day are used up."""
    return f"You have asked your {limit:,} questions of today. You can ask again {_moment(ends)}."


def over_server_quota(limit: int, ends: datetime) -> str:
    """A server's questions of the day are used up."""
    return f"This server has asked its {limit:,} questions of today. I answer again {_moment(ends)}."


def not_here(channels: tuple[int, ...]) -> str:
    """Questions are not answered in this channel."""
    if not channels:
        return "I don't answer in this channel. An admin decides that by `/settings channels`."
    return f"I don't answer in this channel, but in {mentions(channels)}."


def mentions(channels: tuple[int, ...]) -> str:
    """Channels, as Discord links them."""
    shown = ", ".join(f"<#{channel}>" for channel in channels[:10])
    return shown if len(channels) <= 10 else f"{shown} and {len(channels) - 10} more"


def _moment(moment: datetime) -> str:
    return f"<t:{int(moment.timestamp())}:R>"


def day(value: date | None) -> str:
    """A day as people write it, or "undated"."""
    return f"{value.day} {value:%B %Y}" if value else "undated"


def papers(n: int) -> str:
    """`1 paper`, `2 papers`."""
    return f"{n:,} paper" if n == 1 else f"{n:,} papers"


def reading(titles: tuple[str, ...]) -> str:
    """What is being read for an answer."""
    return READING.format(n=f"{len(titles)} abstracts" if len(titles) != 1 else f"“{plain(titles[0])}”")


def privacy_held(
    answers: int, votes: int, follows: tuple[str, ...], told: int, usage_days: int, keep_days: int
) -> str:
    """What is stored of a person, and for how long."""
    topics = ", ".join(f"“{plain(topic)}”" for topic in follows) or "none"
    return (
        f"**Questions with their answers:** {answers:,}, kept for {keep_days} days, so that follow-ups are "
        "understood\n"
        f"**Votes on answers:** {votes:,}, kept with the answer\n"
        f"**Topics that you follow:** {topics}\n"
        f"**Papers that you were told of:** {told:,}, so that none is sent twice\n"
        f"**Days with a count of questions:** {usage_days:,}, for the quota\n\n"
        "All of it is stored under your Discord id, with whoever runs this bot; your name is not stored. "
        "Where a language model is set up, questions are sent to it. `/privacy forget` deletes all of it at once."
    )


PRIVACY_NONE = "Nothing is stored of you."
FORGOTTEN = (
    "Done: nothing is stored of you any more. Messages that I have posted stay in Discord; the button **Delete** "
    "under an answer removes it."
)

HELP_TEXT = """**Ask** `/ask`, mention me, reply to an answer, or write me a direct message. In a message's menu, \
under *Apps*: **Ask about this** and **Find related papers**.
**Go on** Reply to an answer or press **Ask a follow-up**: I remember the conversation.
**Check** `[1]` names the paper that a sentence rests on; **Sources** quotes the sentences.
**Read** `/daily` the day's papers · `/paper` one paper · `/search` by topic
**Follow** `/follow add` and I write to you when a new paper matches
**Yours** `/privacy` what is stored of you · **Delete** removes an answer
**Admins** `/settings` channels, daily summary, quotas, sources"""


def about(version: str, papers_held: int, newest: date | None, model: str | None) -> str:
    """What the bot is."""
    held = f"{papers(papers_held)}, the newest of {day(newest)}" if papers_held else "no papers yet"
    mode = f"written by {plain(model)}" if model else "quotes from the abstracts (no language model is set up)"
    return (
        "I answer questions about machine-learning papers from their abstracts. Every sentence is checked against "
        "the abstracts that it cites; what they do not support is not shown, and where they hold no answer I say "
        "so. A check is not proof: read the paper before you rely on it.\n\n"
        f"**Library** {held}\n**Answers** {mode}\n**Version** papers-bot {version}"
    )


QUOTA_SET = "Questions a day: {person:,} for each person, {server:,} for the server."
EMPTY_DAY_POST = "No papers today."


def settings_shown(digest: str, last: str, channels: str, quota: str, sources: str) -> str:
    """All settings of a server."""
    return (
        f"**Daily summary** {digest}\n**The last one** {last}\n**Channels** {channels}\n"
        f"**Quota** {quota}\n**Sources** {sources}"
    )


def channels_shown(allowed: tuple[int, ...], denied: tuple[int, ...]) -> str:
    """Where questions are answered."""
    if allowed:
        return f"I answer only in {mentions(allowed)}."
    return f"I answer in every channel but {mentions(denied)}." if denied else CHANNELS_ALL


def post_shown(on: date, state: str, problem: str | None) -> str:
    """What became of a daily summary."""
    became = {
        "posted": "posted",
        "empty": "there were no papers",
        "claimed": "not finished yet",
        "failed": f"failed: {plain(problem or 'unknown')}",
    }
    return f"{day(on)}: {became.get(state, state)}"
