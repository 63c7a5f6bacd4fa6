"""Every limit of the program, once. Sizes are characters, bytes or seconds, as each name or comment says."""

# Papers, at the door
TITLE_CHARS = 500
ABSTRACT_CHARS = 20_000  # the longest real abstract of the daily papers of two years has 3,500
AUTHORS = 100
FILE_BYTES = 256 * 1024 * 1024  # of a page or .jsonl on disk; 50,000 papers are some 90 MB
LINE_BYTES = 1024 * 1024  # of one record of a .jsonl
FETCH_BYTES = 20 * 1024 * 1024
FETCH_TRIES = 4
FETCH_SECONDS = 90.0  # for one address in all: waiting, redirects and tries
FETCH_CONNECT_SECONDS = 10.0
FETCH_READ_SECONDS = 20.0  # of silence in an answer under way
FETCH_REDIRECTS = 5
FETCH_BACKOFF_SECONDS = 1.0  # the first wait before another try; it doubles, with jitter
FETCH_PAGES = 200  # of one listing, 100 papers each
ARXIV_INTERVAL_SECONDS = 3.0  # between two requests, as arXiv asks
CACHE_BYTES = 100 * 1024 * 1024  # of raw answers kept in the data directory
CACHE_DAYS = 30
INGEST_BATCH = 64  # papers made visible together; what a crash can cost in work, never in data

# Questions and answers
QUESTION_CHARS = 2_000
EVIDENCE_PAPERS = 6  # papers whose abstracts an answer may draw on, unless -k says otherwise
EVIDENCE_PAPERS_MAX = 50
SEARCH_RESULTS_MAX = 1_000
HISTORY_TURNS = 6
PROMPT_TOKENS = 6_000
REPLY_TOKENS = 700
REPLY_CHARS = 20_000  # a model that writes more than this is cut off

# Model calls
MODEL_TRIES = 3
MODEL_CONNECT_SECONDS = 5.0
MODEL_LIST_SECONDS = 3.0
MODEL_WAIT_SHARE = 0.25  # of the time for an answer: a server that asks for a longer wait is not waited for
HISTORY_TOKENS = 1_000  # of a conversation, in a prompt
REWRITE_TOKENS = 80  # a question written anew or translated
REWRITE_CHARS = 300
REWRITE_SHARE = 0.25  # of the time for an answer
PERSON_BUDGET_SHARE = 0.25  # of the day's budget for models, the most that one person's questions may take
BREAKER_FAILURES = 3  # in a row, before a model is left alone
BREAKER_SECONDS = 60.0
BREAKER_LONGEST_SECONDS = 600.0  # however long a server asks to be left alone
MODEL_PAUSE_SECONDS = 15.0  # for which a daily summary waits for a model that asked to be left alone
DIGEST_CALLS = 10  # of one daily summary at the same time
FEED_DAYS = 7  # with papers, in a feed
DIGEST_SECONDS = 240.0  # for all calls of one; what is not written by then is quoted

# Mail
MAIL_STEP_SECONDS = 20.0  # of silence of a mail server
MAIL_SECONDS = 120.0  # for one message in all, its tries included
MAIL_TRIES = 3
MAIL_BACKOFF_SECONDS = 1.0  # the first wait before another try; it doubles, with jitter

# Models that run in this process: what two cores read and write in some 15 s
LOCAL_PAPERS = 4
LOCAL_EVIDENCE_TOKENS = 320
LOCAL_HISTORY_TOKENS = 150
LOCAL_REPLY_TOKENS = 160
LOCAL_CONTEXT_TOKENS = 4_096
LOCAL_QUEUE = 4  # replies that may wait for their turn; more could not come in time
DOWNLOAD_SECONDS = 6 * 3600.0  # for one model file in all
DOWNLOAD_READ_SECONDS = 30.0  # of silence
DOWNLOAD_TRIES = 5  # in a row that bring nothing

# Library
BUSY_SECONDS = 10.0  # how long SQLite waits for another process's transaction
LOCK_SECONDS = 5.0  # how long a writer waits for the library's lock

# Discord: what the platform takes (UTF-16 units), https://discord.com/developers/docs
DISCORD_CONTENT = 2_000
DISCORD_DESCRIPTION = 4_096
DISCORD_EMBEDS = 6_000  # over all embeds of a message
DISCORD_EMBED_TITLE = 256
DISCORD_FOOTER = 2_048
DISCORD_CHOICES = 25
DISCORD_CHOICE = 100
DISCORD_THREAD_NAME = 100
DISCORD_FILE_BYTES = 10 * 1024 * 1024

# Discord: what the bot takes
QUESTIONS_PERSON_DAY = 50
QUESTIONS_SERVER_DAY = 2_000
QUOTA_MAX = 100_000  # what an admin may set
QUEUE = 500  # questions waiting or being answered
ANSWERS_AT_ONCE = 24
LOCAL_ANSWERS_AT_ONCE = 2  # with a model in this process, which computes one after the other
ACKNOWLEDGE_SECONDS = 2.0  # for which answers wait while others have had no first sign; Discord gives three
COMPUTING_THREADS = 4  # for retrieval and checks; more of them only take the interpreter from each other
BLOCKING_THREADS = 8  # for calls that block: database, indexes, embedding
EDIT_SECONDS = 1.0  # between two edits of a message
INTERACTION_SECONDS = 13 * 60.0  # after this a question is given up: Discord takes no edit after 15 minutes
STOP_SECONDS = 6.0  # for answers under way when the bot is stopped; the whole stop stays under 10
SEEN_IDS = 10_000  # messages and interactions remembered, so that none is answered twice
TOPIC_CHARS = 100
FOLLOWS_PERSON = 25
SOURCES_SERVER = 10
REASON_CHARS = 500
DISCORD_SEARCH_RESULTS = 50
RELATED_PAPERS = 5
DIGEST_LATE_SECONDS = 12 * 3600.0  # a missed daily summary is caught up within this time, never later
DIGEST_TRIES = 5
FETCH_EVERY_SECONDS = 3600.0  # the bot's own fetching of new papers
FETCH_FRESH_SECONDS = 600.0  # a daily summary is made from papers fetched no longer ago
FETCH_BACK_DAYS = 7  # read again once a day, for late papers and votes
FETCH_MISSED_DAYS = 60  # that are caught up after the bot was down
NEWS_DAYS = 14  # older papers that come in are no news to followers
NEWS_PAPERS = 10  # in one message to a follower
