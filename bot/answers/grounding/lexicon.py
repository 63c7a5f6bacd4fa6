"""Words with opposites, the axes they lie on, and words of cause and amount with their sign."""

from functools import cache

from bot.answers.grounding.words import stem

# Axes of opposites: what stands left of the bar points one way, what stands right of it the other.
# A word may stand on several axes. Compared by stem, so that one form of a verb is enough. Axes with a tilde are
# broad: their two sides tell in sum which way a sentence points, but two words of them need not be a contradiction.
AXES = {
    "~amount": """increase raise rise grow gain boost enhance amplify elevate augment expand upregulate potentiate
        higher high more great greater large larger big bigger additional surge multiply accelerate most highest
        largest maximal maximum maximize rich abundant exceed elevated heighten growth increment stronger strengthen
        | decrease reduce reduction lower low decline drop diminish fewer few less smaller small little shrink cut
        minimize downregulate attenuate lessen fall curtail limit loss least lowest smallest fewest minimal
        minimum alleviate mitigate lose scarce weaken slash halve decelerate deplete suppress weaker""",
    "~quality": """improve improvement better best superior outperform surpass exceed beat advance enhance good benefit
        advantage win excel strong boost gain beneficial favorable upgrade refine excellent outstanding
        | degrade degradation worsen worse worst inferior underperform deteriorate hurt harm impair lag poor bad
        damage suffer compromise detriment weak deterioration disadvantage impairment adverse unfavorable drop""",
    "~effect": """promote induce activate activation stimulate facilitate enable encourage trigger cause drive upregulate
        support foster allow increase enhance produce initiate potentiate augment mediate lead contribute stimulation
        require permit help restore
        | inhibit inhibition suppress suppression block prevent repress impede hinder disrupt attenuate downregulate
        silence abolish inactivate deactivate ablate antagonize abrogate protect counteract reduce decrease hamper
        discourage forbid restrict prohibit eliminate avoid obstruct limit impair undermine thwart""",
    "rise": """increase raise rise grow boost amplify elevate augment expand upregulate multiply heighten surge
        | decrease reduce reduction lower decline drop diminish shrink cut lessen curtail downregulate halve fall slash""",
    "more": "more higher greater larger bigger stronger | less fewer lower smaller weaker",
    "most": "most highest largest greatest maximal maximum maximize best | least lowest smallest fewest minimal minimum"
    " minimize worst",
    "level": "high large big strong abundant rich | low small little weak scarce sparse",
    "better": """improve improvement better enhance boost advance refine upgrade benefit strengthen
        | degrade degradation worsen worse deteriorate deterioration hurt harm impair impairment damage compromise weaken""",
    "beat": """outperform surpass exceed beat superior win excel better
        | underperform lag inferior trail worse lose""",
    "cause": """promote induce activate stimulate facilitate enable encourage trigger cause support foster allow permit help
        | inhibit suppress block prevent repress impede hinder disrupt silence abolish hamper discourage forbid restrict
        prohibit obstruct undermine thwart""",
    "success": "succeed success successful effective able capable work solve overcome excel excellent | fail failure unsuccessful"
    " ineffective unable incapable struggle suffer",
    "speed": "fast faster fastest quick quicker rapid speed speedup accelerate acceleration swift | slow slower slowest"
    " slowdown decelerate sluggish delay",
    "length": "long longer longest lengthy prolong extend | short shorter shortest brief shorten",
    "time": "early earlier before precede prior previous | late later after follow subsequent post",
    "simple": "simple simpler easy easier straightforward | complex complicated difficult hard harder challenging",
    "cost": "cheap cheaper inexpensive affordable low-cost efficient efficiency | expensive costly costlier inefficient"
    " inefficiency",
    "density": "dense densely | sparse sparsely sparsity",
    "accuracy": "accurate accurately correct correctly accuracy right true precise reliable | inaccurate incorrect"
    " incorrectly wrong error false erroneous imprecise unreliable mistaken",
    "stable": "stable stability robust robustness consistent resilient | unstable instability fragile brittle"
    " inconsistent vulnerable susceptible sensitive",
    "extent": """limited scarce narrow minimal restricted few little poor sparse
        | extensive abundant broad wide vast unlimited comprehensive rich large ample many much""",
    "sign": "positive positively | negative negatively inverse inversely adverse",
    "presence": "presence present include contain add insert | absence absent exclude lack remove omit delete missing"
    " depletion deletion",
    "enough": "sufficient enough adequate ample | insufficient inadequate lacking",
    "possible": "possible feasible able can likely | impossible infeasible unable cannot unlikely",
    "alike": "similar same identical comparable equal equivalent alike | dissimilar unequal differ divergent unlike"
    " discrepancy",
    "related": "associate correlate relate link connect dependent depend | independent unrelated uncorrelated"
    " dissociate decouple disconnect",
    "public": "open public publicly free release | closed private proprietary secret",
    "training": "supervised | unsupervised self-supervised",
    "online": "online | offline",
    "local": "local | global",
    "inside": "internal inside inner within indoor | external outside outer outdoor",
    "direct": "direct directly | indirect indirectly",
    "known": "known familiar seen understand | unknown unfamiliar unseen unclear",
    "explicit": "explicit explicitly | implicit implicitly",
    "static": "static fixed frozen constant | dynamic variable changing adaptive",
    "side": "top upper above over | bottom lower below under",
    "gain": "advantage strength benefit merit | disadvantage weakness drawback limitation shortcoming",
    "agree": "agree confirm support verify prove corroborate validate | disagree contradict refute disprove reject"
    " challenge dispute",
    "begin": "start begin first initial initiate | end finish last final stop terminate cease",
    "approach": "narrow close converge bridge | widen diverge broaden",
    "common": "common frequent often frequently usually always prevalent | rare infrequent rarely seldom uncommon never",
    "all": "all every entire entirely fully completely | none partial partially never",
    "single": "single one alone sole individual | multiple several many various numerous",
    "old": "new novel recent modern | old traditional conventional classical outdated",
    "manual": "automatic automatically automated | manual manually handcrafted",
    "living": "survive alive survival live | die dead death mortality",
    "young": "young younger child infant | old older adult elderly",
    "sex": "male man men boy | female woman women girl",
    "safe": "safe safely safety harmless benign | unsafe harmful dangerous toxic malicious hazardous risky",
    "win": "gain acquire obtain | lose forfeit",
    "hetero": "homogeneous uniform homozygous | heterogeneous nonuniform diverse heterozygous",
    "lead": "underestimate understate | overestimate overstate",
    "encode": "encode encoder compress | decode decoder decompress",
    "input": "input | output",
    "text": "offense attack attacker | defense defend defender",
    "resist": "resistant resistance resist | sensitive sensitivity sensitize susceptible susceptibility responsive",
    "bind": "bind assemble attach associate recruit | unbind dissociate detach disassemble release",
    "necessary": "necessary essential require need indispensable crucial required | unnecessary dispensable redundant"
    " needless optional",
    "demand": "upstream | downstream",
    "major": "major primary main significant substantial considerable large marked strong dramatic"
    " | minor secondary negligible slight marginal modest insignificant subtle small",
    "constant": "change alter vary modulate affect influence | unchanged constant preserve maintain retain",
    "vertical": "horizontal left | vertical right",
    "in": "increasing upward ascending | decreasing downward descending",
}


# What raises or brings about, and what lowers or takes away: their signs multiply along a chain of effects, so
# that "a deficiency of X reduces Y" and "X raises Y" say the same.
_RAISING = """increase raise rise grow gain boost enhance amplify elevate augment expand upregulate potentiate promote
induce activate stimulate facilitate enable encourage trigger cause drive support foster allow produce initiate mediate
contribute require improve accelerate strengthen exacerbate aggravate worsen higher more greater larger positive
positively associated associate correlate prolong extend maintain restore necessary essential depend dependent
susceptible susceptibility elevated overexpression effective"""
_LOWERING = """decrease reduce reduction lower decline drop diminish fewer less smaller shrink minimize downregulate
attenuate lessen inhibit inhibition inhibitor suppress suppression block blockade blocker prevent repress impede hinder
disrupt silence abolish inactivate deactivate ablate ablation antagonize abrogate protect protective counteract hamper
discourage limit impair undermine loss lack deficiency deficient knockout knockdown depletion deplete deletion delete
absence removal remove eliminate elimination disruption deprivation negative negatively inverse inversely slow delay
shorten alleviate mitigate resistant resistance ineffective independent dispensable unrelated weaken null lose impaired
defective reverse"""

# Words whose stem is that of a word above by accident.
_ACCIDENTS = frozenset(
    ["consist", "consists", "consisted", "consisting", "several", "severe", "severely", "severity"]
)


@cache
def _axes() -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, dict[str, int]] = {}
    for axis, line in AXES.items():
        for side, sign in zip(line.split("|"), (1, -1), strict=True):
            for word in side.split():
                found.setdefault(stem(word), {})[axis] = sign
    return {s: tuple(places.items()) for s, places in found.items()}


@cache
def _effects() -> dict[str, int]:
    return {stem(w): 1 for w in _RAISING.split()} | {stem(w): -1 for w in _LOWERING.split()}


def places(low: str, stemmed: str) -> tuple[tuple[str, int], ...]:
    """Where a word lies: (axis, +1 or -1) for each of its axes."""
    return () if low in _ACCIDENTS else _axes().get(stemmed, ())


def effect(low: str, stemmed: str) -> int:
    """+1 for a word that raises or brings about, -1 for one that lowers or takes away, else 0."""
    return 0 if low in _ACCIDENTS else _effects().get(stemmed, 0)


def is_broad(axis: str) -> bool:
    """Whether opposite sides of `axis` are a hint of contradiction only."""
    return axis.startswith("~")


def opposed(one: str, other: str) -> bool:
    """Whether two stems lie on one axis, on opposite sides."""
    signs = dict(_axes().get(one, ()))
    return any(signs.get(axis) == -sign for axis, sign in _axes().get(other, ()))
