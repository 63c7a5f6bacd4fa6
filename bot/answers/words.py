"""The words of the program's own that stand in answers; every front end shows the same."""

QUOTED = "In the papers' own words:"
QUOTED_ONE = "In the paper's own words:"
QUOTED_NOTES = "From notes on the papers, not their abstracts:"
QUOTED_NOTE = "From a note on the paper, not its abstract:"
ABSTAIN = "I can't answer that from these papers."
CLOSEST = "The closest papers are:"
EMPTY_LIBRARY = "I have no papers to answer from yet."
NO_PAPERS_THEN = "There are no papers of those days in the library."
EMPTY_QUESTION = "Ask me something about the papers."
TOO_LONG = "That question is too long: the limit is {limit:,} characters."
NOT_SAID = "The papers do not say."

GREETING = (
    "Hello! Ask me about machine-learning papers: what one proposes, what was found, or which papers treat a topic."
)
THANKS = "You're welcome. Ask me about another paper whenever you like."
ABOUT = (
    "I answer questions from the abstracts of machine-learning papers, and cite the paper for every sentence. "
    "What the papers do not say, I do not say."
)
HOSTILE = "I only answer questions about the papers in my library, from what their abstracts say."

MODEL_FAILED = "{reason}; quoting the papers instead"
MODEL_UNSUPPORTED = "nothing that the model wrote was supported by the papers; quoting them instead"
BUDGET_SPENT = "the day's budget for models (${limit:,.2f}) is used up; it ends in {left}"
MODEL_FOUND_NOTHING = "the model found no answer in the papers; quoting them instead"
MODEL_RESTING = "the model failed a moment ago and is left alone for a while"
BROKE_OFF = "the model's reply broke off"
NO_REPLY = "the model's reply was empty"
ENDLESS = "the model did not stop writing"
WITHHELD = "the model's provider withheld the reply"
MODEL_BUSY = "the model is busy with other questions"
"""Every word that a person reads in an answer and that no paper wrote."""
