"""In which language a question is."""

import pytest

from bot.answers.language import foreign_language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Welche Daten werden verwendet, und warum?", "German"),
        ("Was ist OwlNet?", "German"),
        ("Quels oiseaux sont dans le corpus ?", "French"),
        ("¿Qué método usa el artículo?", "Spanish"),
        ("Quali dati sono usati?", "Italian"),
        ("Quais são os dados?", "Portuguese"),
        ("Hoe wordt het model getest, en waarom niet met een uil?", "Dutch"),
        ("論文は何について書かれていますか？", "Japanese"),
        ("这篇论文提出了什么方法？", "Chinese"),
        ("Какой метод предлагает статья?", "Russian"),
        ("어떤 방법을 제안합니까?", "Korean"),
        ("ما هي الطريقة المقترحة؟", "Arabic"),
    ],
)
def test_other_languages_are_known(question: str, language: str) -> None:
    assert foreign_language(question) == language


@pytest.mark.parametrize(
    "question",
    [
        "What is OwlNet?",
        "owls night hearing",
        "EEG F1 valence?",
        "Does the Bundesliga corpus help German models?",
        'What does "Die Eulen sind nicht was sie scheinen" mean for the tokenizer?',
        "Is the σ in top-nσ a standard deviation?",
        "$\\alpha$-stable noise de novo",
        "na no la me",
        "123",
        "",
    ],
)
def test_english_names_and_formulas_stay_english(question: str) -> None:
    assert foreign_language(question) is None
