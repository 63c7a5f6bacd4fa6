"""When a daily summary is due: the times of a plan, whatever the clocks do."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import limits
from bot.discord_app.records.servers import DigestPlan


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which a summary is due: the local day, and the moment."""

    day: date
    at: datetime


def slot_of(plan: DigestPlan, day: date) -> Slot:
    """The slot of a local day.

    A time that the clock change skips falls as much later, one that it repeats counts the first time.
    """
    hour, minute = map(int, plan.time.split(":"))
    local = datetime.combine(day, time(hour, minute), ZoneInfo(plan.zone))
    return Slot(day, local.astimezone(UTC))


def last_slot(plan: DigestPlan, now: datetime) -> Slot:
    """The latest slot that is not after `now`."""
    today = now.astimezone(ZoneInfo(plan.zone)).date()
    slot = slot_of(plan, today)
    return slot if slot.at <= now else slot_of(plan, today - timedelta(days=1))


def next_time(plan: DigestPlan, now: datetime) -> datetime:
    """The moment of the first slot after `now`."""
    today = now.astimezone(ZoneInfo(plan.zone)).date()
    slot = slot_of(plan, today)
    return slot.at if slot.at > now else slot_of(plan, today + timedelta(days=1)).at


def due(plan: DigestPlan, now: datetime) -> Slot | None:
    """The slot whose summary should be out by `now`; None where it lies before the plan, or too long ago."""
    slot = last_slot(plan, now)
    late = (now - slot.at).total_seconds()
    return slot if slot.at.timestamp() >= plan.since and late <= limits.DIGEST_LATE_SECONDS else None
