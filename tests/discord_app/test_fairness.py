"""The queue is fair and bounded, and remembers what came in."""

import asyncio

import pytest

from bot.discord_app.fairness import Desk, QueueClosed, QueueFull, Seen


async def test_p11_one_question_of_a_person_runs_while_their_others_wait():
    desk = Desk(at_once=3)
    first, second, other = desk.enter(1), desk.enter(1), desk.enter(2)
    assert [t.waits for t in (first, second, other)] == [False, True, False]
    first.leave()
    assert not second.waits


async def test_p11_questions_run_in_the_order_of_coming():
    desk, order = Desk(at_once=1), []

    async def ask(person):
        async with desk.enter(person):
            order.append(person)
            await asyncio.sleep(0)

    await asyncio.gather(*(ask(person) for person in range(20)))
    assert order == list(range(20))
    assert len(desk) == 0


async def test_p11_a_full_queue_takes_no_more():
    desk = Desk(at_once=1, most=3)
    tickets = [desk.enter(person) for person in range(3)]
    with pytest.raises(QueueFull):
        desk.enter(9)
    tickets[2].leave()
    assert desk.enter(9).waits


async def test_a_place_that_is_given_up_while_waiting_is_free():
    desk = Desk(at_once=1)
    running = desk.enter(1)

    async def wait():
        async with desk.enter(2):
            raise AssertionError("its turn never comes")

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    running.leave()
    running.leave()
    assert len(desk) == 0


async def test_p16_a_closed_desk_sends_those_who_wait_away_and_lets_the_others_finish():
    desk = Desk(at_once=1)
    running, waiting = desk.enter(1), desk.enter(2)
    desk.close()
    with pytest.raises(QueueClosed):
        async with waiting:
            pass
    assert len(desk) == 1
    running.leave()
    assert len(desk) == 0


async def test_p10_an_id_is_new_once():
    seen = Seen(most=2)
    assert seen.first(1)
    assert not seen.first(1)
    assert seen.first(2)
    assert seen.first(3)
    assert seen.first(1)  # forgotten: only so many are remembered
