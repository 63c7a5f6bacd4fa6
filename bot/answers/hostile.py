"""Questions that are orders of another kind: to invent, to leak, to harm, to change the bot or its papers.

General patterns of requests, not of topics: "Which paper detects phishing mails?" is a question about papers,
"Write a phishing mail" is none. An order is known by its verb at the beginning of a clause.
"""

import re

_POLITE = (
    r"(?:(?:please|pls|now|ok(?:ay)?|so|just|hey|bot|then|first|next|also|and|instead|simply|quickly|hi|hello|always)"
    r"[\s,!:]+){0,6}"
    r"(?:(?:you (?:must|have to|should|need to|will|shall|are to|can)|i (?:want|need|order|command|would like) you to|"
    r"i'd like you to|can you|could you|would you|will you|let's|your (?:new )?(?:task|job|role) is(?: now)? to|"
    r"from now on|for the rest of (?:this|our) \w+|try to|be so kind as to|go and|go ahead and|help me(?: to)?|"
    r"i need help to)[\s,:]+){0,3}(?:(?:please|now|just|always|only|never)\s+){0,4}"
)
_CLAUSE = rf"(?:^|[.!?;:>\n]\s*|,\s+(?:and|then|but)\s+|\bthen\s+){_POLITE}"


def _order(verbs: str, target: str, gap: int = 60) -> str:
    """A clause that begins with one of `verbs` and comes to `target` within `gap` characters."""
    return rf"{_CLAUSE}(?:{verbs})\b[^.?!]{{0,{gap}}}?(?:{target})"


_SCHOLARLY = (
    r"papers?|citations?|cites?\b|quot(?:e|es|ation|ations)|references?|sources?|results?|numbers?|figures?|authors?|"
    r"stud(?:y|ies)|claims?|evidence|statistics?|sentences?|abstracts?|doi|arxiv|reviews?|experiments?|findings?|"
    r"titles?|datasets?|scores?|benchmarks?|tables?"
)
_FAKE = r"fake|made[- ]up|invented|fictional|fabricated|bogus|non-?existent|imaginary|false|fraudulent|forged"
_CONFIDENTIAL = (
    r"system prompt|(?:hidden|initial|secret|original|internal|system) (?:prompt|instructions?|rules|messages?)|"
    r"(?:api|secret|access|private|ssh|openai) keys?|passwords?|credentials?|\.env\b|environment variables?|"
    r"(?:bot|discord|access|auth\w*|login) tokens?|admin (?:rights|access)|private messages"
)
_OWN = r"(?:prompts?|instructions?|rules|settings|keys?|tokens?|secrets?|source code|configuration|passwords?)"
_HARM = (
    r"phishing|malware|virus(?:es)?\b|ransomware|keylogger|exploit\b|spam\b|insult\w*|offensive|racist|sexist|slurs?\b|"
    r"defam\w+|libel\w*|slander\w*|blackmail\w*|threat(?:s|en\w*)\b|hate\s?(?:speech|ful|mail)|bombs?\b|explosives?|"
    r"weapons?\b|nasty|humiliat\w+|mean (?:joke|tweet|comment)|rude\b|harass\w*|n-word"
)
_PEOPLE = r"(?:users?|people|members|persons?|someone|others|everyone|anyone|server owner|admins?|moderators?)"
_HELD = r"(?:papers?|library|data ?base|files?|messages?|channels?|servers?|history|director(?:y|ies)|index\b|logs?|data\b)"

_INVENTING = (
    _order(
        r"make up|invent|fabricat\w+|forge|fake|concoct|falsify|hallucinate|dream up",
        rf"\b(?:{_SCHOLARLY})",
    ),
    _order(
        r"cite|quote|write|give|produce|generate|create|add|insert",
        rf"\b(?:{_FAKE})\s+(?:\w+\s+){{0,2}}(?:{_SCHOLARLY})|\bthat (?:do(?:es)?n't|do(?:es)? not) exist|"
        r"\b(?:they|he|she|it) never (?:said|wrote|stated|claimed|reported)",
        20,
    ),
    _order(
        r"cite|put|add|append|attach|insert|stick|end|include|sprinkle",
        r"\[\d+\]|\b(?:cit(?:e|ations?|ing)|sources?)\b[^.?!]{0,30}\b(?:everything|nothing|every|random\w*)|"
        r"\b(?:everything|nothing)\b",
        30,
    ),
    r"\blooks? (?:like it(?:'s| is) )?(?:cited|sourced|grounded|referenced) but (?:isn't|is not)",
    _order(r"say|claim|state|confirm|admit|agree|answer|reply|pretend", r"\bno matter (?:what|whether|if)"),
    rf"{_CLAUSE}(?:claim|say|assert|declare|insist|lie|attribute|alter|change|falsify|manipulate)\s+(?:that|about|to|"
    r"this|these|the)\b",
    rf"{_CLAUSE}(?:make|let) (?:the bot|yourself|it) (?:say|claim|admit|believe)\b",
    r"\b(?:from|use|using|with) your own (?:knowledge|memory|training)|\bignore the (?:papers|sources|evidence|abstracts)\b",
    _order(
        r"answer|reply|respond|say|output|print|write|repeat|return",
        r"\b(?:and|with) nothing (?:else|more)|\bnothing but\b|^\s*only (?:with|the|in)\b|\bonly with\b|"
        r"\bword (?:by|for) word|\bwith (?:just|exactly)\b|\bafter me\b|\b(?:everything|text|words) above\b",
    ),
)
_LEAKING = (
    rf"\b(?:your|the bot's|this bot's)\b[^.?!]{{0,25}}\b(?:{_CONFIDENTIAL})|\b(?:your|the bot's) (?:\w+ )?{_OWN}\b",
    rf"\b(?:{_CONFIDENTIAL})\b[^.?!]{{0,30}}\b(?:you(?:'re| are)?|your)\b",
    _order(
        r"show|print|reveal|tell|give|dump|leak|repeat|output|translate|list|send|share|expose|read|display|"
        r"what(?:'s| is| are| was| were)|reply|answer|encode|spell|summari[sz]e",
        rf"\b(?:{_CONFIDENTIAL})(?! (?:of|in|for)\b)",
    ),
    rf"\b(?:what|which|who|whom|list|show|tell|names?)\b[^.?!]{{0,50}}\b(?:other|another|previous|last|those|all|any|"
    rf"else)\b[^.?!]{{0,12}}\b{_PEOPLE}\b[^.?!]{{0,60}}\b(?:private\w*|messages?|dms?|you)\b",
    rf"\b{_PEOPLE}\b[^.?!]{{0,20}}\b(?:in|of|on) (?:this|our|the) (?:discord|server|guild|channel)\b",
    r"\b(?:did|has|have)\b[^.?!]{1,40}\b(?:ask(?:ed)?|tell|told|send|sent|wrote|write|message[d]?) you\b",
)
_WORKING = (
    _order(r"delete|drop|remove|wipe|erase|purge|destroy|overwrite|truncate|format|corrupt", rf"\b{_HELD}", 25),
    _order(
        r"run|execute|eval|exec|open|launch|start|install|sudo|curl|wget|ssh|download|upload",
        r"\brm\b|\bsudo\b|\bshell\b|\bcommands?\b|\bos\.|\bsubprocess|\bscripts?\b|\bdata ?base\b|\bdirectory\b|"
        r"\bfiles?\b|\bterminal\b|\bserver\b|\bhttps?:|\bon your (?:machine|host|computer|system)",
        40,
    ),
    r"\brm -rf?\b|\bdrop table\b|\bos\.system\b",
    _order(r"shut ?down|restart|reboot|kill|stop|disable|turn off|switch off|crash", r"\byour\w*\b|\bthe bot\b", 25),
    _order(
        r"ping|mention|ban|kick|mute|dm|message|spam|e?-?mail|text|notify|tag|invite|post",
        rf"@\w+|\b{_PEOPLE}\b|\bauthors\b|\bchannel\b|\bserver\b|\btwitter\b",
        12,
    ),
    r"@everyone\b|@here\b",
)
_HARMING = (
    _order(r"write|draft|compose|generate|create|produce|say|post|build|design|make", rf"\b(?:{_HARM})", 40),
    rf"\bhow (?:to|do i|can i|could i) (?:build|make|write|create|send|hack)\b[^.?!]{{0,20}}\b(?:{_HARM})",
    _order(
        r"insult|mock|threaten|humiliate|harass|blackmail|slander|defame|bully|doxx?|hack|attack|swear at",
        r"\s+(?:the|all|this|that|these|those|every\w*|some\w*|people|authors|him|her|them|me|my|@\w+)\b",
        0,
    ),
)
_POSING = (
    _order(
        r"pretend|play the (?:role|part)|role-?play|impersonate|behave|speak|talk|act|imagine",
        r"\b(?:you(?:'re| are)|as (?:if|though) you|to be (?:an?|my|the)|that you|like an?|an? (?:evil|unrestricted|human))\b",
        15,
    ),
    rf"{_CLAUSE}you(?:'re| are) (?:now |no longer |not )?(?:an? |my |dan\b|free|evil|allowed|unrestricted)",
    _order(
        r"forget|ignore|disregard|override|bypass|skip|drop|stop",
        r"\b(?:that )?you(?:'re| are)\b|\b(?:your|all|the|any|previous|earlier|above) (?:\w+ )?(?:instructions?|rules?|"
        r"guidelines?|prompts?|restrictions?|limits?|checks?|filters?|training)\b|\bbeing (?:a|an|so)\b",
        25,
    ),
    r"\b(?:developer|god|jailbreak|dan|debug|admin|sudo) mode\b[^.?!]{0,30}\b(?:you|on|enabled?|activate\w*|now)\b",
    _order(r"enable|enter|activate|switch to|turn on", r"\bmode\b", 25),
    _order(r"decode|decrypt|unscramble|rot13|base64", r"\b(?:do|follow|obey|execute|run)\b|\b\w{16,}=*"),
    r"<\|[\w ]+\|>|\[/?INST\]|<</?SYS>>|^\s*(?:system|assistant)\s*:",
    r"</?(?:context|system|user|assistant|instructions?|prompt|documents?|evidence|sources?|papers?|human)>",
    r"\b(?:new|real|actual|updated) (?:task|instructions?|rules?|system prompt|orders?)\s*:",
    r"\bend of (?:the )?(?:context|prompt|instructions|document|evidence)\b",
)
_HOSTILE = re.compile("|".join((*_INVENTING, *_LEAKING, *_WORKING, *_HARMING, *_POSING)), re.IGNORECASE)


def is_hostile(question: str) -> bool:
    """Whether `question` orders the bot to invent, leak, harm or change instead of asking about papers."""
    return bool(_HOSTILE.search(question))
