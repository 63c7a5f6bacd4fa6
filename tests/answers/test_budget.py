"""Money for models: recorded by day, person and model; limited by the day."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import limits
from bot.answers.answer import Usage
from bot.answers.budget import Budget, Spending
from bot.answers.models import NotAsked
from bot.answers.prices import AS_OF, PRICES, cost, cost_at_most, price
from bot.library.catalogue import Catalogue
from bot.library.library import Library
from tests.answers.scripted import TRUE, answerer_of, ask, filled_library
from tests.model_server import ModelServer, Reply

DAY = date(2026, 3, 2)
MINI = "openai:gpt-5-mini"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = Catalogue(tmp_path / "catalogue.db")
    yield catalogue
    catalogue.close()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with filled_library(tmp_path_factory.mktemp("home")) as library:
        yield library


def used(prompt: int, completion: int, model: str = MINI) -> Usage:
    return Usage(prompt, completion, cost(model, prompt, completion))


# Prices


@pytest.mark.parametrize(
    "model", [MINI, "gpt-5-mini", "openai:gpt-5-mini-2025-08-07", "openai:openai/gpt-5-mini", "azure:GPT-5-mini"]
)
def test_a_known_model_has_a_price_whoever_serves_it(model: str) -> None:
    assert cost(model, 1_000_000, 100_000) == pytest.approx(0.25 + 0.2)


def test_a_local_model_costs_nothing_and_an_unknown_ones_cost_is_not_known() -> None:
    assert cost("local:qwen2.5-coder-1.5b-instruct", 1_000, 1_000) == 0.0
    assert cost("openai:scripted", 1_000, 1_000) is None
    assert price("openai:gpt-5-minimal") is None
    dearest = max(p.of(1_000, 1_000) for p in PRICES.values())
    assert cost_at_most("openai:scripted", 1_000, 1_000) >= dearest


def test_the_table_of_prices_has_a_date() -> None:
    assert datetime.now(UTC).date() >= AS_OF


# The account


def test_p21_what_was_spent_is_recorded_by_day_person_and_model(catalogue: Catalogue, clock: Clock) -> None:
    budget = Budget(catalogue, None, clock)
    budget.record("ada", MINI, used(1_000, 100))
    budget.record("ada", MINI, used(500, 50))
    budget.record("bob", MINI, used(10, 1))
    budget.record("ada", "openai:scripted", used(7, 3, "openai:scripted"))
    clock.now += timedelta(days=1)
    budget.record("ada", MINI, used(1, 1))
    again = Budget(catalogue, None, clock)
    assert again.spent(DAY) == [
        Spending(DAY, "ada", MINI, Usage(1_500, 150, pytest.approx(cost(MINI, 1_500, 150)))),
        Spending(DAY, "ada", "openai:scripted", Usage(7, 3, None)),
        Spending(DAY, "bob", MINI, used(10, 1)),
    ]
    assert len(again.spent(DAY + timedelta(days=1))) == 1


def test_a_call_that_used_nothing_leaves_no_row(catalogue: Catalogue, clock: Clock) -> None:
    budget = Budget(catalogue, None, clock)
    budget.record("ada", MINI, Usage())
    assert budget.spent(DAY) == []


def test_what_cannot_be_written_now_is_written_with_the_next_and_counts_at_once(tmp_path: Path, clock: Clock) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.db")
    budget = Budget(catalogue, 1.0, clock)
    with catalogue.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE spending RENAME TO hidden")
    budget.record("ada", MINI, used(1_000_000, 0))
    with catalogue.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO spending")
    assert [s.usage.prompt_tokens for s in budget.spent(DAY)] == [1_000_000]
    budget.record("ada", MINI, used(1, 0))
    assert [s.usage.prompt_tokens for s in Budget(catalogue, None, clock).spent(DAY)] == [1_000_001]
    catalogue.close()


def test_p30_a_forgotten_person_leaves_no_name_and_the_days_sum_stays(catalogue: Catalogue, clock: Clock) -> None:
    budget = Budget(catalogue, None, clock)
    budget.record("", MINI, used(1, 1))
    budget.record("ada", MINI, used(1_000, 100))
    budget.record("bob", MINI, used(10, 1))
    before = sum(s.dollars for s in budget.spent(DAY))
    budget.forget("ada")
    assert {s.person for s in budget.spent(DAY)} == {"", "bob"}
    assert sum(s.dollars for s in budget.spent(DAY)) == pytest.approx(before)
    budget.forget_before(DAY)
    assert {s.person for s in budget.spent(DAY)} == {"", "bob"}
    budget.forget_before(DAY + timedelta(days=1))
    assert [(s.person, s.usage.prompt_tokens) for s in budget.spent(DAY)] == [("", 1_011)]


# The limit


def test_p21_a_call_that_would_go_beyond_the_days_budget_is_not_made(catalogue: Catalogue, clock: Clock) -> None:
    budget = Budget(catalogue, 0.01, clock)
    budget.release(budget.reserve(MINI, 8_000, 2_700))
    budget.record("ada", MINI, used(8_000, 2_700))
    with pytest.raises(NotAsked, match=r"budget for models \(\$0.01\) is used up; it ends in 2 h"):
        budget.reserve(MINI, 8_000, 2_700)
    clock.now += timedelta(hours=3)
    assert budget.reserve(MINI, 8_000, 2_700) > 0


def test_p21_many_at_the_same_time_do_not_go_beyond_it_together(catalogue: Catalogue, clock: Clock) -> None:
    budget = Budget(catalogue, 0.01, clock)
    made: list[float] = []
    refused: list[NotAsked] = []

    def call() -> None:
        try:
            made.append(budget.reserve(MINI, 4_000, 500))
        except NotAsked as failure:
            refused.append(failure)

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 5
    assert sum(made) <= 0.01
    assert len(refused) == 15


def test_p21_one_person_cannot_use_up_the_budget_of_all(catalogue: Catalogue, clock: Clock) -> None:
    budget = Budget(catalogue, 0.04, clock)
    share = 0.04 * limits.PERSON_BUDGET_SHARE
    held = [budget.reserve(MINI, 4_000, 500, "ada")]
    held += [budget.reserve(MINI, 4_000, 500, "ada") for _ in range(int(share / held[0]) - 1)]
    with pytest.raises(NotAsked, match="your share of the day's budget for models is used up; it ends in 2 h"):
        budget.reserve(MINI, 4_000, 500, "ada")
    assert budget.reserve(MINI, 4_000, 500, "grace") > 0
    assert budget.reserve(MINI, 4_000, 500) > 0
    for dollars in held:
        budget.release(dollars, "ada")
    assert budget.reserve(MINI, 4_000, 500, "ada") > 0


def test_p21_what_a_person_spent_counts_until_midnight(catalogue: Catalogue, clock: Clock) -> None:
    budget = Budget(catalogue, 0.04, clock)
    budget.record("ada", MINI, used(20_000, 2_500))
    with pytest.raises(NotAsked, match="your share"):
        budget.reserve(MINI, 4_000, 500, "ada")
    clock.now += timedelta(hours=3)
    assert budget.reserve(MINI, 4_000, 500, "ada") > 0


def test_a_share_too_small_for_one_call_allows_the_first(catalogue: Catalogue, clock: Clock) -> None:
    budget = Budget(catalogue, 0.01, clock)
    assert budget.reserve(MINI, 8_000, 2_700, "ada") > 0.01 * limits.PERSON_BUDGET_SHARE


def test_p21_another_process_spends_from_the_same_budget(catalogue: Catalogue, clock: Clock, tmp_path: Path) -> None:
    other = Catalogue(tmp_path / "catalogue.db")
    Budget(other, None, clock).record("", MINI, used(30_000, 1_000))
    other.close()
    with pytest.raises(NotAsked):
        Budget(catalogue, 0.01, clock).reserve(MINI, 4_000, 500)


def test_a_local_model_and_no_budget_are_never_refused(catalogue: Catalogue, clock: Clock) -> None:
    assert Budget(catalogue, 0.0, clock).reserve("local:x", 10**6, 10**6) == 0.0
    assert Budget(catalogue, None, clock).reserve(MINI, 10**9, 10**9) == 0.0


def test_a_model_of_unknown_price_counts_as_the_dearest(catalogue: Catalogue, clock: Clock) -> None:
    budget = Budget(catalogue, 0.02, clock)
    assert budget.reserve("openai:scripted", 1_000, 100) > budget.reserve(MINI, 1_000, 100)


# In answers


def test_p21_over_budget_the_papers_are_quoted_and_the_note_says_until_when(library: Library) -> None:
    with ModelServer(TRUE) as server:
        answerer = answerer_of(library, server, PAPERS_BUDGET_USD="0")
        answer = ask(answerer)
        assert server.requests == []
    assert answer.mode == "extractive"
    assert answer.notes[0].startswith("the day's budget for models ($0.00) is used up; it ends in ")
    assert answer.notes[0].endswith("; quoting the papers instead")


def test_p21_an_answer_tells_what_it_used_and_cost_and_the_account_knows_who_asked(library: Library) -> None:
    with ModelServer(Reply(TRUE, usage=(2_000, 30))) as server:
        answerer = answerer_of(library, server, PAPERS_MODEL=MINI)
        answer = ask(answerer, person="ada")
    assert answer.usage == Usage(2_000, 30, pytest.approx(2_000 * 0.25e-6 + 30 * 2e-6))
    [spending] = [s for s in answerer.models.budget.spent(datetime.now(UTC).date()) if s.person == "ada"]
    assert (spending.model, spending.usage) == (MINI, answer.usage)


def test_tokens_are_counted_where_the_server_does_not_tell_them(library: Library) -> None:
    with ModelServer(Reply(TRUE, usage=None)) as server:
        usage = ask(answerer_of(library, server)).usage
    assert 300 < usage.prompt_tokens < 1_500
    assert 10 < usage.completion_tokens < 40
    assert usage.cost_usd is None


@pytest.mark.parametrize("reply", [Reply(TRUE * 5, cut=150, usage=None), Reply(hang=True)], ids=["cut", "hang"])
def test_p21_a_call_that_failed_after_it_was_sent_is_paid_for_too(library: Library, reply: Reply) -> None:
    with ModelServer(reply) as server:
        answer = ask(answerer_of(library, server, PAPERS_TIMEOUT="1"))
    assert answer.mode == "extractive"
    assert answer.usage.prompt_tokens > 300


@pytest.mark.parametrize("status", [401, 404])
def test_a_call_that_was_refused_costs_nothing(library: Library, status: int) -> None:
    with ModelServer(Reply(status=status)) as server:
        assert ask(answerer_of(library, server)).usage == Usage()
