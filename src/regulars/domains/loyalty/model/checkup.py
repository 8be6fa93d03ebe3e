"""What a check-up looks at, and what it says. Money is minor units, shares basis points, ratios hundredths."""

from dataclasses import dataclass
from enum import StrEnum

from regulars.domains.loyalty.model.simulation import SpendBin
from regulars.kernel.text import Text


class Grade(StrEnum):
    """A is best."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


class Area(StrEnum):
    """The five questions of a check-up."""

    simplicity = "simplicity"
    spread = "spread"
    fairness = "fairness"
    sustainability = "sustainability"
    difference = "difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a member has to understand: counts of what is in the document, and the length of its English outline in words.

    ``undated`` counts redeemed units that never lapse. ``benefits`` counts by level, lowest first, what it gives besides points.
    """

    units: int
    rules: int
    conditions: int
    words: int
    undated: int
    benefits: dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFigure:
    """One level, in the order of its ladder: who stands on it, and what orders placed on it cost and earned."""

    ladder: str
    level: str
    members: int
    spend: int
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What members did under the programme. ``granted``, ``spent``, ``expired`` and ``outstanding`` are points at what they redeem for.

    ``deciles`` are buyers by spend, lowest first; ``nothing`` of them are those who got no value.
    """

    buyers: int
    revenue: int
    granted: int
    spent: int
    expired: int
    outstanding: int
    levels: tuple[LevelFigure, ...]
    deciles: tuple[SpendBin, ...]


Band = tuple[int | None, int | None]
"""From and to, both inside; None: open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """How one figure is judged: within ``bands[0]`` it is an A, within the next a B, then C and D; else an E.

    ``unit``: count, words, share (basis points) or ratio (hundredths). ``source`` says where the bands come from; ``advice`` what to
    change when the figure is worse than a B.
    """

    area: Area
    label: Text
    unit: str
    bands: tuple[Band, Band, Band, Band]
    source: Text
    advice: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One figure with its grade; ``value`` is None where it has no bound (a ratio to nothing), which is an E."""

    name: str
    standard: Standard
    value: int | None
    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One area: the grade is that of its worst figure; None where there is too little to go by, and ``measured`` is empty."""

    area: Area
    grade: Grade | None
    measured: tuple[Measured, ...]
    advice: tuple[Text, ...]
