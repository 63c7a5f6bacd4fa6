"""The patterns by which orders to a reader's model are known: markup, address, imperatives, other languages.

Each pattern has the words of which one must stand in a text for the pattern to be tried at all: they make looking
through an abstract cheap. Patterns see text without invisible characters, in NFKC; case does not matter.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """A pattern, and the words in lower case without one of which it cannot match; none means that it is always tried."""

    words: frozenset[str]
    pattern: re.Pattern[str]


_MODEL = (
    r"(?:a\.?i\.?|llms?|language[\s-]models?|chat[\s-]?bots?|assistants?|chatgpt|gpt(?:-?\d\S*)?|claude|gemini|llama|"
    r"copilot|bots?|agents?|summari[sz]ers?|machines?|models?|crawlers?)"
)
_THIS = (
    r"(?:this|the\s+(?:above|present|current)|our|my)\s+"
    r"(?:paper|work|abstract|article|text|document|page|study|sentence|answer|submission|manuscript)"
)
_SAY = r"(?:reply|respond|answer|say|output|print|write|repeat|type|emit|recite|return|state|tell|echo|speak|shout)"
_RULES = (
    r"(?:instructions?|prompts?|rules?|directions?|directives?|guidelines?|commands?|orders?|constraints?|"
    r"system\s+(?:prompt|message)|(?:earlier|previous|prior|above|other|preceding)\s+"
    r"(?:text|context|messages?|papers?|abstracts?|sources?|documents?|evidence|content))"
)
_DROP = (
    r"(?:ignore|disregard|forget|override|bypass|discard|drop|neglect|overlook|dismiss|cancel|erase|skip|"
    r"(?:do\s+not|don['’]?t|stop|never)\s+(?:follow|obey|heed|listen\s+to|use|trust)(?:ing)?)"
)
_ANSWER = r"(?:answers?|repl(?:y|ies)|responses?|summar(?:y|ies)|outputs?|messages?|sentences?)"
_ANSWERS = "answer answers reply replies response responses summary summaries output outputs message messages sentence sentences"
_ORDERED = (
    r"(?:you\s+(?:must|should|shall|need\s+to|have\s+to|ought\s+to|will|can\s+only|may\s+only|"
    r"are\s+(?:required|instructed|ordered|commanded|obliged)\s+to)"
    r"(?:\s+(?:now|always|only|instead|never|not|also|immediately))*\s+)"
)
# The head of a clause, where an order stands.
_HEAD = (
    r"(?:(?:^|[.!?:;,\"“”'‘(\[>*—–-])[\s\W]*"
    r"(?:(?:and|then|now|instead|also|so|next|please|kindly|simply|just|always|immediately|only|hereby|important|urgent)"
    rf"\b[\s,:]*)*|\b(?:please|kindly)\s+|{_ORDERED}|\b(?:and|then|but)\s+(?:then|instead|just|only|always)\s+)"
)
# The head of a sentence: for verbs that ordinary clauses have too.
_START = (
    r"(?:(?:^|[.!?:\"“”'‘(\[>*—–])[\s\W]*"
    rf"(?:(?:now|instead|also|please|kindly|just|always|important|urgent)\b[\s,:]*)*|\b(?:please|kindly)\s+|{_ORDERED})"
)

# Text that only a chat template or a role header has.
_TEMPLATE = [
    ("", r"<\|[^|<>]{1,40}\|>"),
    ("", r"\[/?inst(?:ruction)?s?\]|<<\s*/?\s*sys\s*>>"),
    (
        "",
        r"<\s*/?\s*(?:system|assistant|user|instructions?|im_start|im_end|(?:start|end)_of_turn|bos|eos|eot_id)\s*>",
    ),
    ("", r"(?:^|\s)#{1,6}\s*(?:system|(?:new\s+)?instructions?|assistant|user|human|response)\b\s*:?"),
    (
        "system assistant developer admin administrator",
        r"^[\s\W]*(?:system|assistant|developer|admin(?:istrator)?)\s*"
        r"(?:prompt|message|note|override|instructions?|alert)?\s*[:>\]]",
    ),
    (
        "prompt instruction instructions message messages prompts",
        r"\b(?:begin|end|start)\s+(?:of\s+)?(?:system|new|hidden|secret)\s+(?:prompt|instructions?|message)s?\b",
    ),
    (
        "prompt message note override mode",
        r"\b(?:system|admin|developer)\s*(?:prompt|message|note|override|mode)\s*:",
    ),
]
# Somebody addresses a model, or says what it is to be.
_ADDRESS = [
    (
        "note attention warning message memo instruction instructions notice reminder hint hello hey hi dear",
        r"^[\s\W]*(?:\w+\s+)?(?:note|attention|warning|message|memo|instructions?|notice|reminder|hint|hello|hey|hi|dear)"
        r"\s*[,:]?\s*(?:to|for)?\s*(?:all\s+|any\s+|the\s+|every\s+|fellow\s+)*(?:\w+\s+)?"
        rf"{_MODEL}(?:\s+(?:readers?|reviewers?|systems?|assistants?|models?|agents?|tools?))?\b"
        r"\s*(?:[:,;.!–—-]|that|who|reading|read)",
    ),
    ("you you're", rf"\bif\s+you(?:['’]re|\s+are)\s+(?:an?\s+|the\s+)?(?:\w+\s+){{0,2}}{_MODEL}\b"),
    (
        "you i",
        r"\bas\s+an?\s+(?:large\s+)?(?:a\.?i\.?|language\s+model|llm)(?:\s+(?:language\s+)?(?:model|assistant|system))?"
        r"\s*,\s*(?:you|i)\b",
    ),
    (
        "you",
        r"\byou\s+are\s+(?:now\s+|no\s+longer\s+|from\s+now\s+on\s+)(?:an?\s+|the\s+|in\s+)?\w+|"
        r"\byou\s+are\s+an?\s+(?:helpful|unrestricted|uncensored|evil|jailbroken|obedient|friendly|honest)\b",
    ),
    (
        "now henceforth",
        r"\b(?:from\s+now\s+on|henceforth)\s*,?\s*(?:you|always|never|only|all|answer|reply|respond|act|speak|write)\b",
    ),
    ("pretend imagine", r"\b(?:pretend|imagine)\s+(?:that\s+)?(?:you\s+are|to\s+be)\b"),
    ("mode", r"\b(?:dan|developer|god|jailbreak|sudo)\s+mode\s+(?:enabled|on|activated)\b"),
    (
        "this above",
        rf"\b(?:any|every|all)\s+{_MODEL}(?:\s+{_MODEL}|\s+systems?)?\s+(?:that|which|who)?\s*"
        r"(?:reads?|reading|process(?:es|ing)?|summari[sz](?:es?|ing)|sees?|seeing|pars(?:es?|ing))\s+(?:this|the\s+above)\b|"
        rf"\b{_MODEL}(?:\s+{_MODEL}|\s+(?:systems?|readers?|tools?))?\s+(?:reading|processing|summari[sz]ing|reviewing|parsing|seeing)\s+(?:this|the\s+above)\b",
    ),
    (
        "when whenever while if before after",
        r"\b(?:when(?:ever)?|while|if|before|after)\s+(?:you\s+)?(?:are\s+)?(?:summari[sz]e|summari[sz]ing|answer|answering|"
        r"cite|citing|read|reading|describe|describing|asked|reply|replying|review|reviewing)\b[^.]{0,40}\b"
        r"(?:this\s+(?:paper|abstract|text|question)|you\s+(?:must|should|will|shall)|always|only\s+(?:say|reply|answer))\b",
    ),
    (
        "your",
        r"\byour\s+(?:new|real|true|only|next|secret|hidden|first)\s+"
        r"(?:task|goal|job|instructions?|role|purpose|objective|orders?|mission)\b",
    ),
    (
        "you",
        r"\b(?:the\s+)?(?:user|human|operator|developers?)\s+(?:has\s+|have\s+)?"
        r"(?:asked|wants?|requests?|authori[sz]ed)\s+you\b",
    ),
]
_SAYING = "reply respond answer say output print write repeat type emit recite return state tell echo speak shout"
_DROPPING = (
    "ignore disregard forget override bypass discard drop neglect overlook dismiss cancel erase skip follow obey heed "
    "listen use trust following obeying heeding using trusting"
)
# Orders that are hostile from anybody, a user too: to drop the rules, to give away secrets, to ping.
_HIJACK = [
    # "Ignore all previous instructions"
    (_DROPPING, rf"{_HEAD}{_DROP}\s+(?:\w+\s+){{0,5}}?{_RULES}\b"),
    (
        "ignore disregard forget",
        rf"{_HEAD}(?:ignore|disregard|forget)\s+(?:everything|anything|all|whatever)\s+(?:\w+\s+){{0,3}}?"
        r"(?:above|before|you|said|told|written|else|so\s+far|previous)\b",
    ),
    (
        "ignore disregard",
        rf"{_HEAD}(?:ignore|disregard)\s+(?:the\s+|all\s+|any\s+)?(?:other|remaining)\s+"
        r"(?:papers?|abstracts?|sources?|documents?|results?|evidence)\b",
    ),
    # "Print your prompt"
    (
        "your",
        r"\b(?:print|reveal|show|output|repeat|display|leak|disclose|recite|expose|dump|share|give|send|tell|return|write|"
        r"post)\b(?:\s+\w+){0,3}?\s+your\s+(?:\w+\s+){0,3}?(?:prompts?|instructions?|rules|guidelines|configuration|keys?|"
        r"tokens?|secrets?|passwords?|credentials?|messages?|memory|context|system|environment)\b",
    ),
    (
        "print reveal output repeat leak disclose recite dump post",
        rf"{_HEAD}(?:print|reveal|output|repeat|leak|disclose|recite|dump|post)\s+(?:\w+\s+){{0,2}}?(?:the\s+)?"
        r"(?:system|hidden|initial|secret|original|developer)\s+(?:prompts?|instructions?|messages?|rules|keys?|tokens?)\b",
    ),
    (
        "send post print reveal output",
        r"\bapi[\s_-]?keys?\b.{0,40}\b(?:send|post|print|reveal|output|to\s+https?)\b|\b(?:send|post|print|reveal|output)\b"
        r".{0,30}\b(?:the|all|any)\s+(?:api[\s_-]?keys?|passwords?|credentials|environment\s+variables)\b",
    ),
    ("", r"@everyone\b|@here\b|<@[!&]?\d+>|<#\d+>"),
]
# Orders that a user may give, and a paper may not.
_ORDERS = [
    (
        "ignore disregard forget",
        r"\b(?:ignore|disregard|forget)\s+(?:\w+\s+){0,2}?(?:all|any|every|your|previous|prior|above|earlier|preceding|"
        rf"the\s+above)\s+(?:\w+\s+){{0,3}}?{_RULES}\b",
    ),
    # "Reply only with …", "say that …"
    (
        "reply respond answer",
        rf"{_HEAD}(?:reply|respond|answer)\s+(?:to\s+(?:the\s+user|this|every\w*|all|any)\s+\w*\s*)?"
        r"(?:only|just|solely|exclusively|always|simply)?\s*"
        r"(?:with|by\s+saying|as\s+follows|that|yes|no|in\s+(?:one\s+word|the\s+affirmative|\w+\s+only))\b",
    ),
    (_SAYING, rf"{_HEAD}(?:only|always|simply|just)\s+{_SAY}\b"),
    (
        _SAYING,
        rf"{_HEAD}{_SAY}\s+(?:only|exactly|nothing|verbatim|the\s+(?:word|words|phrase|sentence|text|string|following|exact|"
        r"user)|this\s+(?:word|phrase|sentence|text|back)|\"|“|'|`)",
    ),
    (
        "say state tell claim write answer reply conclude insist mention report",
        rf"{_HEAD}(?:say|state|tell|claim|write|answer|reply|conclude|insist|mention|report)\s+(?:to\s+)?"
        r"(?:the\s+user\s+|users\s+|everyone\s+|them\s+|me\s+|us\s+)?(?:that\s+)?(?:this|our|my|the\s+above)\s+"
        r"(?:paper|work|method|abstract|article|study|model)\s+(?:is|was|has|solves?|outperforms?|beats?)\b",
    ),
    (
        "tell inform convince remind ask urge warn",
        rf"{_HEAD}(?:tell|inform|convince|remind|ask|urge|warn)\s+(?:the\s+|your\s+|all\s+|any\s+|every\s+)?"
        r"(?:users?|readers?|everyone|humans?|them|people|person)\b",
    ),
    # "Cite this paper for everything", "give a positive review only"
    (
        "cite recommend praise promote prefer mention quote credit endorse advertise rank rate rates list link reference",
        rf"{_HEAD}(?:always\s+|only\s+)?(?:cite|recommend|praise|promote|prefer|mention|quote|credit|endorse|advertise|rank|"
        rf"rate|rates?|list|link\s+to|reference)\s+(?:only\s+)?(?:{_THIS}|this|us|me|the\s+authors?)\b",
    ),
    (
        "cite recommend quote mention",
        rf"\b(?:cite|recommend|quote|mention)\s+{_THIS}\s+(?:for|as|in|to|whenever|first|only|every|always|instead)\b",
    ),
    (
        "give write provide assign produce return",
        rf"{_HEAD}(?:give|write|provide|assign|produce|return)\s+(?:this\s+(?:paper|work|submission)\s+|it\s+|us\s+)?"
        r"(?:only\s+)?(?:an?\s+|the\s+)?(?:very\s+|highly\s+|strong(?:ly)?\s+|overwhelmingly\s+|only\s+)?"
        r"(?:positive|favou?rable|glowing|highest|top|maximum|perfect|good|high|excellent)\s+"
        r"(?:reviews?|ratings?|scores?|recommendations?|evaluations?|marks?|grades?|feedback)\b",
    ),
    (
        "not don't dont don’t never",
        rf"{_START}(?:do\s+not|don['’]?t|never)\s+(?:\w+\s+)?(?:highlight|mention|report|list|reveal|cite|say|tell|"
        r"summari[sz]e|answer|reply|respond|refuse|warn|disclose|include|question|show|quote)\b(?!\s+not)",
    ),
    ("accept recommend", rf"{_HEAD}(?:accept|recommend\s+accept(?:ance|ing))\s+{_THIS}\b"),
    # Links, tools
    (
        "visit go click open browse navigate fetch download follow",
        rf"{_HEAD}(?:visit|go\s+to|click(?:\s+on)?|open|browse(?:\s+to)?|navigate\s+to|fetch|download|follow\s+(?:the\s+)?link)"
        r"\s+(?:\w+\s+){0,3}?(?:https?://|www\.|here\b|link)\S*\s*"
        r"(?:.*\b(?:and|then)\s+(?:enter|log|sign|download|run|send|paste|follow|execute|tell)\b)",
    ),
    (
        "execute run call invoke use",
        rf"{_START}(?:execute|run|call|invoke|use)\s+(?:the\s+)?(?:following|this|these|a|any)\s+(?:\w+\s+)?"
        r"(?:commands?|code|tools?|functions?|scripts?|shell|plugins?)\b",
    ),
    (
        _ANSWERS,
        rf"{_HEAD}(?:include|append|add|insert|put|embed|attach|begin|start|end|finish|prefix|preface|close|conclude)\s+"
        r"(?:\w+\s+){0,5}?(?:in|to|into|with|at|of)\s+(?:\w+\s+)?(?:your|every|each|all|any|the)\s+(?:\w+\s+)?"
        rf"{_ANSWER}\b",
    ),
    (
        _ANSWERS,
        r"\b(?:begin|start|end|finish|prefix|preface)\s+(?:your|every|each|all|any)\s+(?:\w+\s+)?"
        rf"{_ANSWER}\s+with\b",
    ),
    (
        _ANSWERS + " citation citations",
        rf"{_HEAD}(?:translate|summari[sz]e|rewrite|rephrase|replace|change|alter|switch|convert)\s+(?:\w+\s+){{0,2}}?"
        rf"(?:your|every|each|all\s+(?:other|your))\s+(?:\w+\s+)?(?:{_ANSWER}|citations?)\b",
    ),
    (
        "decode decrypt base64",
        rf"{_HEAD}(?:decode|decrypt|base64)\b.{{0,80}}\b(?:and\s+)?(?:follow|obey|execute|run|do)\b",
    ),
    (
        "follow obey comply execute",
        rf"{_HEAD}(?:follow|obey|comply\s+with|execute)\s+(?:\w+\s+){{0,2}}?(?:these|my|the\s+following|the\s+new|new|our|this)"
        r"\s+(?:\w+\s+)?(?:instructions?|orders?|commands?|rules?|prompts?|directives?)\b",
    ),
    (
        "you",
        rf"{_ORDERED}(?:\w+\s+)?(?:{_SAY}|cite|recommend|ignore|obey|comply|follow|include|mention|praise|refuse|reveal|"
        r"summari[sz]e|describe|rate|use|treat|act|behave|pretend)\b",
    ),
    (
        _ANSWERS,
        rf"\b(?:the|your|every|all|any|each|its)\s+{_ANSWER}\s+(?:must|should|shall|has\s+to|have\s+to|needs?\s+to)\s+"
        r"(?:always\s+|only\s+|now\s+)?(?:be|say|cite|contain|include|begin|start|end|mention|recommend|consist)\b"
        r".*(?:\bonly\b|['\"“”‘’`]|\bthis\s+(?:paper|work|abstract)\b|\bword\b)",
    ),
]
# Words that hardly any abstract has: an author does not speak to the reader, nor of what a model must say.
_BROAD = [
    (
        "must shall should has have is are",
        r"\b(?:assistants?|models?|ai|llms?|chat\s?bots?|bots?|agents?|readers?|reviewers?)\s+(?:must|shall|should|has\s+to|"
        r"have\s+to|is\s+required\s+to|are\s+required\s+to|is\s+to|are\s+to)\s+(?:now\s+|always\s+|only\s+|never\s+|not\s+|"
        rf"also\s+)?(?:{_SAY}|mention|cite|recommend|ignore|include|report|call|rank|refuse|follow|praise|reveal|rate)\b",
    ),
    (
        "cited recommended quoted praised told",
        r"\b(?:must|should|may|can|has\s+to|have\s+to)\s+(?:only\s+|always\s+|never\s+|not\s+)?be\s+(?:always\s+|only\s+)?"
        r"(?:(?:cited|recommended|quoted|praised)\s+(?:in|as|for|to|first|whenever|only|instead|every\w*|always)|told\s+that)\b",
    ),
    (
        "your",
        rf"\b(?:in|into|to|of|with|all|every|at|from|make|let|have)\s+your\s+(?:\w+\s+)?{_ANSWER}\b|"
        r"\byour\s+(?:\w+\s+){0,2}?(?:instructions?|prompts?|rules|guidelines|context|users?|system|operators?|"
        r"developers?|configuration)\b",
    ),
    ("you", r"\byou\s+(?:must|should|shall|have\s+to|are\s+(?:required|obliged|instructed|ordered|asked|told))\b"),
    (
        "you",
        rf"\byou\s+(?:\w+\s+)?(?:{_SAY}|recommend|cite|mention|ignore|disregard|reveal|obey|praise|promote)\b|"
        r"\b(?:instruct|order|command|tell|urge|remind|authori[sz]e|beg|want|need)(?:ed|s)?\s+you\b",
    ),
    (
        "instructions instruction rules orders prompts guidelines",
        r"\b(?:previous|prior|earlier|your|former|above|old)\s+(?:\w+\s+)?(?:instructions?|rules|orders|prompts|guidelines)\s+"
        r"(?:are|is|were|no\s+longer|have|has|do\s+not|don['’]?t)\b",
    ),
    (
        "summarize summarise treat rate rank consider regard call describe trust believe prefer pick choose select list put",
        r"^[\s\W]*(?:please\s+|kindly\s+|always\s+|only\s+)*(?:summari[sz]e|treat|rate|rank|consider|regard|call|describe|trust|"
        rf"believe|prefer|pick|choose|select|list|put)\s+(?:only\s+)?{_THIS}\b",
    ),
    (
        "please kindly",
        r"\b(?:please|kindly)\s+(?:answer|respond|reply|ignore|omit|rewrite|speak|write|be|act|tell|say|use|stop|start|treat|"
        r"remember|mention|include|do|never|always|leave|avoid|hide|skip|add|append|call|send|give|make|keep|pretend|forget)\b",
    ),
    (
        "ignore forget disregard",
        rf"{_START}(?:ignore|forget|disregard)\s+(?:whatever|all\s+that|what\s+(?:was|is|has|i|we))\b",
    ),
    (
        "answer reply respond",
        r"^[\s\W]*(?:answer|reply|respond)\s+(?:in|with|only|that|as|every|all|this|me|yes|no|like|from|by)\b",
    ),
]
# The same in the languages that such texts are most often written in; first those with Latin letters, and what a word
# of each of them begins with.
_FOREIGN = [
    r"\b(?:ignorier\w*|vergiss|vergesst|vergessen\s+sie|missachte\w*)\b.{0,30}\b(?:anweisung(?:en)?|befehle|regeln|vorgaben)\b",
    r"\b(?:antworte\w*|schreibe?|sage?|gib)\s+(?:\w+\s+)?(?:nur|ausschließlich|immer)\b",
    r"\b(?:ignore[rz]?|oublie[rz]?|n['’]oubliez)\b.{0,20}\b(?:les|toutes|tes|vos|mes)\b.{0,20}\b(?:instructions|consignes|ordres)\b",
    r"\b(?:répond[sz]?|répondez|dis|dites|écris|écrivez)\s+(?:uniquement|seulement|toujours)\b",
    r"\b(?:ignora\w*|olvida\w*|haz\s+caso\s+omiso)\b.{0,25}\b(?:instrucciones|órdenes|reglas|indicaciones)\b",
    r"\b(?:responde|contesta|escribe)\w*\s+(?:sólo|solo|solamente|únicamente|siempre)\b",
    r"\b(?:ignora\w*|dimentica\w*)\b.{0,25}\b(?:istruzioni|regole|comandi)\b|\b(?:rispondi|scrivi)\s+(?:solo|soltanto|sempre)\b",
    r"\b(?:ignor\w+|esqueç\w+|desconsider\w+)\b.{0,25}\b(?:instruções|regras|ordens)\b",
    r"\b(?:responda|diga|escreva)\s+(?:apenas|somente|só|sempre)\b",
    r"\b(?:negeer|vergeet)\b.{0,25}\b(?:instructies|regels|opdrachten)\b|\bantwoord\s+(?:alleen|enkel|altijd)\b",
    r"\b(?:zignoruj\w*|ignoruj\w*|zapomnij)\b.{0,30}\b(?:instrukcj\w+|polece\w+|zasad\w*)|\bodpowiadaj\w*\s+tylko\b",
    r"\b(?:talimat|yönerge|komut)\w*\b.{0,20}\b(?:yok\s+say|görmezden\s+gel|unut|dikkate\s+alma)\w*",
]
_FOREIGN_WORD = (
    r"\b(?:antwoord|antworte|contesta|desconsider|dig|dimentica|dis|dites|escreva|escribe|esqueç|gib|haz|ignor|komut|"
    r"missacht|negeer|odpowiadaj|olvida|oublie|répond|responda|responde|rispondi|sag|schreib|scrivi|talimat|vergeet|"
    r"vergess|vergiss|yönerge|zapomnij|zignoruj|écri)"
)
_OTHER_LETTERS = [
    r"(?:игнорируй\w*|забудь\w*|не\s+следуй\w*).{0,30}(?:инструкци\w+|указани\w+|правил\w*|команд\w*)",
    r"(?:отвечай\w*|ответь\w*|скажи\w*|напиши\w*)\s+(?:только|всегда)",
    r"(?:忽略|无视|無視|忘记|忘記|忽視|不要理会).{0,12}(?:指令|指示|提示|说明|說明|规则|規則|命令)",
    r"(?:只|仅|僅)(?:需|要|能)?(?:回复|回覆|回答|输出|輸出)",
    r"(?:指示|命令|指令|プロンプト).{0,8}(?:無視|忘れ)|(?:とだけ|のみ)(?:答え|回答|返信|出力)",
    r"(?:지시|명령|지침|프롬프트).{0,8}(?:무시|잊)|(?:라고만|만)\s*(?:대답|답변|출력)",
    r"(?:تجاهل|انس|تجاوز).{0,30}(?:التعليمات|الأوامر|القواعد)|(?:أجب|رد|قل)\s+فقط",
    r"(?:निर्देश|आदेश)\S*.{0,20}(?:अनदेखा|नज़रअंदाज|भूल)",
]


def _read(patterns: list[tuple[str, str]]) -> tuple[Order, ...]:
    return tuple(Order(frozenset(words.split()), re.compile(pattern, re.IGNORECASE)) for words, pattern in patterns)


HOSTILE = _read([*_TEMPLATE, *_HIJACK])
ENGLISH = (*HOSTILE, *_read([*_ADDRESS, *_ORDERS, *_BROAD]))
FOREIGN_WORD, FOREIGN, OTHER_LETTERS = (
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _FOREIGN_WORD,
        *("|".join(f"(?:{p})" for p in patterns) for patterns in (_FOREIGN, _OTHER_LETTERS)),
    )
)
