"""Whether a question is in English: by its script, and by the small words of other languages.

Wrong in one direction only: an English question with foreign names, formulas or quoted words stays English; a
very short question in another language may be taken for English.
"""

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FORMULA = re.compile(r"\$[^$]*\$|\\[a-zA-Z]+(?:\{[^}]*\})?|`[^`]*`|\"[^\"]*\"|“[^”]*”|«[^»]*»")
_NAME = re.compile(r"\b[A-Za-z]+(?:[A-Z0-9][\w-]*|-[\w-]+)")  # BrainDiVE, GPT-4: in Latin letters in any language
_SCRIPTS = {
    "CJK": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "CYRILLIC": "Russian",
    "ARABIC": "Arabic",
    "HEBREW": "Hebrew",
    "DEVANAGARI": "Hindi",
    "BENGALI": "Bengali",
    "THAI": "Thai",
    "TAMIL": "Tamil",
    "GREEK": "Greek",
    "ARMENIAN": "Armenian",
    "GEORGIAN": "Georgian",
}
_WEIGHTY = frozenset({"Chinese", "Japanese", "Korean"})  # a letter of these is as much as two of others
_SCRIPT_LETTERS = 3  # at least as many letters of a script; a lone σ or µ is mathematics
_SCRIPT_SHARE = 0.4


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of the profiles that English texts of the field have as well; they count for neither.
_SHARED = _set("""
    a an as at be by do de en er es et i in is it la le les me mi no o of on op or per si so to un via was we y die
    den des du al el il lo di da dos com con sur main man met z x mu ne ma pa po ze ve var ile bit kan had hat war
    name dan kim mir im om san ed pro tym gap
""")
_ENGLISH = _set("""
    the is are was were be been being what which who whom whose how why when where does do did has have had can could
    will would should may might must of and or but not in on at to from for with by about into than then that this
    these those there it its they them their he she we us you your my me any some all no each every both if as so a an
    i tell show find give explain describe compare summarise summarize please say says use used using paper papers
    model models data method methods
""")
# English words that other languages have as well, or borrow.
_LOANS = _set("was a an in so as no me on do use paper papers model models data method methods")
# Function words that are no English words, names or abbreviations of the field. Words that several of these
# languages share stand in each; what counts is that English has none of them.
_PROFILES = {
    "German": _set("""der das ist sind nicht und oder ein eine einen einem einer mit für auf von zum zur bei über wie
        welche welcher welches welchen wer warum wann wurde werden wird gibt kann können haben hatte sie ich wir ihr
        auch nach zwischen durch sich dem vom als noch nur mehr gegen ohne bitte erkläre worum geht"""),
    "French": _set("""est une dans pour avec qui que quoi quel quelle quels quelles comment pourquoi où quand combien
        ou au aux ce cette ces elle ils nous vous leur leurs plus pas par sans être avoir peut peuvent fait qu'est-ce
        c'est l'article expliquez explique moi"""),
    "Spanish": _set("""los las una unos unas son para por que qué cómo cuál cuáles quién quiénes dónde cuándo cuánto
        cuántos cuántas está están hay su sus como más pero sin sobre entre puede pueden explica dime"""),
    "Portuguese": _set("""os uma uns umas é são das para por que qual quais quem como onde quando quanto quantos não
        está estão há seu sua mais mas sem sobre entre pode podem explique"""),
    "Italian": _set("""gli una è sono della dello degli delle che chi cosa come quale quali quando dove perché quanto
        quanti non più questo questa nel nella sul sulla può possono spiegami dimmi"""),
    "Dutch": _set("""het een zijn niet van voor bij hoe welke wie waarom wanneer wat waar werd worden wordt kunnen
        heeft hebben ik wij ook naar tussen door zich deze dit nog meer zonder geef"""),
    "Polish": _set("""jest są nie lub na dla jak jaki jaka jakie które który która kto dlaczego kiedy ile czy się oraz
        przez może od co"""),
    "Swedish": _set("""är och eller inte ett det som för av hur vilka vilken vilket vem varför när finns har till
        från mellan genom sig att"""),
    "Turkish": _set("ve bir bu nasıl hangi neden niçin kaç için mı mü değil yok olarak daha gibi nedir"),
    "Indonesian": _set("""yang atau tidak ini itu dengan untuk dari pada apa bagaimana mengapa siapa kapan berapa
        adalah dalam oleh bisa dapat"""),
    "Vietnamese": _set("""là và của có không trong cho với như thế nào gì bao nhiêu các những được này bài nghiên
        cứu"""),
    "Romanian": _set("este sunt nu și sau pentru cu pe care ce cum când unde câte cât mai despre"),
    "Czech": _set("je jsou není nebo jak jaký jaká jaké který která které kdo proč kdy kolik"),
}  # fmt: skip
_PROFILE_WORDS = {name: known - _SHARED - _ENGLISH for name, known in _PROFILES.items()}
# One of these is enough where nothing is English.
_STRONG = _set("""
    ist welche welcher welches warum wieviel wieviele erkläre gibt funktioniert quel quelle quels quelles pourquoi
    combien fonctionne expliquez explique qué cómo cuál cuáles quién cuánto cuántos cuántas dónde funciona perché
    quali quanti funziona waarom welke hoeveel dlaczego jak jaki jakie działa varför vilka hur nasıl hangi nedir bagaimana
    mengapa berapa nào proč kolik câte quais quantos
""")
_OPENERS = {
    "German": re.compile(
        r"was (?:ist|sind|macht|sagt|bedeutet)|erzähl\w* mir|wie (?:viele?|gut|genau|lautet)|wer (?:hat|ist)"
    ),
    "French": re.compile(r"de quoi|(?:qu'est|que (?:dit|fait)|comment|parle|résume)\b(?! (?:on|in|the|about)\b)"),
    "Spanish": re.compile(r"(?:hay|explica) (?!the\b)|de qué"),
    "Italian": re.compile(r"cos'è|che cosa|di cosa"),
    "Polish": re.compile(r"czym (?:jest|są)|opowiedz mi"),
}


def foreign_language(question: str) -> str | None:
    """The English name of the language that `question` is in; None where it is English, or cannot be told."""
    text = _FORMULA.sub(" ", question)
    return _by_script(text) or _by_words(text)


def _by_script(text: str) -> str | None:
    letters = [c for c in _NAME.sub(" ", text) if c.isalpha()]
    found: dict[str, int] = {}
    for letter in letters:
        if not letter.isascii():
            script = unicodedata.name(letter, "").split(" ")[0]
            if script in _SCRIPTS:
                found[_SCRIPTS[script]] = found.get(_SCRIPTS[script], 0) + 1
    foreign = sum(found.values())
    weight = sum(2 * n if name in _WEIGHTY else n for name, n in found.items())
    if foreign < _SCRIPT_LETTERS or weight < _SCRIPT_SHARE * (len(letters) - foreign + weight):
        return None
    if "Japanese" in found and set(found) <= {"Japanese", "Chinese"}:  # it writes with both
        return "Japanese"
    return max(found, key=lambda name: found[name])


def _by_words(text: str) -> str | None:
    words = [w.replace("’", "'").lower() for w in _WORD.findall(text)]
    if not words:
        return None
    counts = {name: len({w for w in words if w in known}) for name, known in _PROFILE_WORDS.items()}
    likeliest = max(counts, key=lambda name: counts[name])
    if not any(w in _ENGLISH and w not in _LOANS for w in words):
        if counts[likeliest] and any(w in _STRONG for w in words):
            return likeliest
        opened = " ".join(words)
        if name := next((n for n, opener in _OPENERS.items() if opener.match(opened)), None):
            return name
    english = sum(w in _ENGLISH for w in words)
    if counts[likeliest] >= 2 and counts[likeliest] > 2 * english and counts[likeliest] >= 0.2 * len(words):
        return likeliest
    return None
