"""English words without content of their own. What else has none depends on who asks, and is added there."""

ENGLISH = frozenset(
    """
    a about above after again all also an and any are as at be because been before being between both but by can
    could did do does doing during each for from further had has have having he her here hers him his how i if
    in into is it its itself just me most my of off on once only or other our ours out over own same she should
    so some such than that the their theirs them then there these they this those through to too under until up
    us very was we were what when where which while who whom why will with would you your
    """.split()  # noqa: SIM905
)
