"""Zones whose clocks break naive arithmetic, and instants to try there."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from regulars.kernel import periods

LONDON = periods.zone("Europe/London")
SHANGHAI = periods.zone("Asia/Shanghai")
NEW_YORK = periods.zone("America/New_York")
APIA = periods.zone("Pacific/Apia")
SAO_PAULO = periods.zone("America/Sao_Paulo")
CAIRO = periods.zone("Africa/Cairo")
BEIRUT = periods.zone("Asia/Beirut")
TORONTO = periods.zone("America/Toronto")
ST_JOHNS = periods.zone("America/St_Johns")
HAVANA = periods.zone("America/Havana")
ZONES = [LONDON, SHANGHAI, NEW_YORK, APIA, SAO_PAULO, CAIRO, BEIRUT, TORONTO, ST_JOHNS, HAVANA]

instants = st.datetimes(datetime(1985, 1, 1), datetime(2040, 1, 1)).map(lambda d: d.replace(tzinfo=UTC))  # noqa: DTZ001 - made aware at once.
zones = st.sampled_from(ZONES)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]  # year, month, day, …
