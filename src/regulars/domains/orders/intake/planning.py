"""What an import is going to do, found out before it does anything: columns, forms, settings, and a look at the first rows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path

from regulars.domains.orders.intake import checks, columns, times
from regulars.domains.orders.intake.model import Field, Profile
from regulars.kernel import periods
from regulars.platform.files import identity, opening
from regulars.platform.files.identity import Identity
from regulars.platform.files.model import Table
from regulars.platform.files.opening import Options

_SAMPLED = 1_000
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user asked for: ``overrides`` are columns by field name, ``base`` the columns of a saved mapping."""

    overrides: Mapping[str, str]
    profile: Profile
    options: Options
    base: Mapping[Field, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A file, opened, and how it will be read. ``sample`` are values by field of the first rows; ``refunds`` and ``adjustments``
    count the numbers with those prefixes among ``sampled`` rows.
    """

    path: Path
    identity: Identity
    table: Table
    options: Options
    mapping: Mapping[Field, str]
    profile: Profile
    zone: periods.Zone
    sample: Sequence[Mapping[Field, str]]
    sampled: int
    refunds: int
    adjustments: int

    @property
    def settings(self) -> dict[str, object]:
        """Everything that decides what the rows become; an import goes on only under the same."""
        return {
            "columns": {field.value: column for field, column in sorted(self.mapping.items())},
            "profile": asdict(self.profile),
            "options": asdict(self.options),
        }


def make(path: Path, wish: Wish) -> Plan:
    """The plan for a file. Raises what opening it raises, ``import.*`` for columns and dates, ``input.invalid`` for settings."""
    profile, zone = checks.checked(wish.profile)
    table = opening.open_table(path, wish.options)
    mapping = columns.chosen(table.columns, wish.overrides, wish.base)
    at = {name: place for place, name in enumerate(table.columns)}
    rows = list(islice((row for batch in table.batches() for row in batch.rows), _SAMPLED))
    values = [{field: row[at[column]] for field, column in mapping.items()} for row in rows]
    if profile.date_format == "auto":
        form = times.guess((value[Field.time] for value in values), mapping[Field.time])
        profile = replace(profile, date_format=form)
    times.Times(profile.date_format, zone)
    numbers = [value[Field.order_number].strip() for value in values]
    return Plan(
        path=path,
        identity=identity.identify(path),
        table=table,
        options=wish.options,
        mapping=mapping,
        profile=profile,
        zone=zone,
        sample=values[:_SHOWN],
        sampled=len(rows),
        refunds=_beginning(numbers, profile.refund_prefix),
        adjustments=_beginning(numbers, profile.adjustment_prefix),
    )


def _beginning(numbers: Sequence[str], prefix: str) -> int:
    return sum(number.startswith(prefix) for number in numbers) if prefix else 0
