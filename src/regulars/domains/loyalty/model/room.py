"""What is left in counters that all members share: budgets of rules and coupons, stocks of coupons and rewards."""

from collections.abc import Iterator, Mapping


class Room(Mapping[str, int]):
    """By counter: its limit in one programme, less what was used. A counter without a limit is not in it."""

    __slots__ = ("_limits", "_used")

    def __init__(self, limits: Mapping[str, int], used: Mapping[str, int]) -> None:
        self._limits = limits
        self._used = used

    def __getitem__(self, name: str) -> int:
        return self._limits[name] - self._used.get(name, 0)

    def __iter__(self) -> Iterator[str]:
        return iter(self._limits)

    def __len__(self) -> int:
        return len(self._limits)
