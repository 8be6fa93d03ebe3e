"""The full e-commerce template beside the spine's small programme: the same orders, the same members, by turns."""

from collections import defaultdict
from dataclasses import dataclass

from bench import facts, measure, place, streams
from bench.facts import Mix
from bench.measure import Goal, Result
from bench.place import Place
from regulars.domains.loyalty.service import templating

_ASKED = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many orders a run records, of how many members, which Zipf's law (1.0) draws."""

    members: int
    facts: int
    runs: int


QUICK = Size(members=500, facts=1_024, runs=1)
FULL = Size(members=20_000, facts=20_480, runs=5)


def run(at: Place, size: Size, *, quick: bool) -> Result:
    """All figures of the template."""
    result = Result(bench="templates", quick=quick, postgres=measure.settings(at.url))
    full = templating.get_template("ecommerce", currency="GBP", time_zone="Europe/London").text
    rates: dict[str, list[float]] = defaultdict(list)
    since = facts.since()
    with at.product("spine") as spine, at.product("template") as template:
        mixes = {}
        for url, text in ((spine, ""), (template, full)):
            with place.opened(url) as db:
                members = facts.prepare(db, size.members, joined_at=since, text=text)
            mixes[url] = Mix(members=members, since=since, first=0, count=size.facts, skew=1.0)
            streams.in_processes(url, mixes[url], streams=2)
        for number in range(1, size.runs + 1):
            for name, url in (("the spine's programme", spine), ("the e-commerce template", template)):
                mix = mixes[url]
                again = Mix(members=mix.members, since=since, first=number * size.facts, count=size.facts, skew=1.0)
                rates[name].append(streams.rate(streams.in_processes(url, again, streams=2)))
    medians = [result.figure(f"{name}, 2 processes", "orders/s", runs).median for name, runs in rates.items()]
    result.goals.append(Goal(name="template ÷ spine, Zipf 1.0 members", value=medians[1] / medians[0], must=_ASKED))
    result.limit = "the template writes what waits and what has arrived as two lots, and asks eleven rules where the small one asks five"
    return result
