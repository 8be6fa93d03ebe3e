"""Coupons, carts and room built by hand, with plain defaults."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from regulars.domains.coupons.model import Candidate, Cart, Definition, Held, Lane, Room, Step
from regulars.domains.orders.model import Line
from regulars.kernel import periods
from regulars.kernel.text import Text

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
END = datetime(2026, 4, 1, tzinfo=UTC)
LONDON = periods.zone("Europe/London")
FREE = Room()


def day(days: float) -> datetime:
    return NOON + timedelta(days=days)


def text(name: str) -> Text:
    return Text(name.capitalize(), f"〔{name}〕")


def terms(id_: str = "ten", kind: str = "cash", **more: Any) -> Definition:
    """Ten pounds in cash unless told."""
    worth: dict[str, dict[str, Any]] = {
        "cash": {"face": 1000},
        "percent": {"rate_bp": 8000},
        "spend_off": {"steps": (Step(5000, 1000),)},
    }
    plain = worth.get(kind, {})
    return Definition(id=id_, label=text(id_), kind=kind, **{**plain, **more})  # type: ignore[arg-type]  # tests pass fields by name


def held(no: int = 1, definition: str = "ten", **more: Any) -> Held:
    plain: dict[str, Any] = {"version": 1, "state": "issued", "starts": day(-10), "ends": END}
    return Held(UUID(int=no), definition, **{**plain, **more})


def has(definition: Definition, no: int = 1, **more: Any) -> Candidate:
    """The member has this coupon in hand."""
    return Candidate(held(no, definition.id, **more), definition)


def line(no: int, amount: int, quantity: int = 1, **more: Any) -> Line:
    return Line(no, f"sku-{no}", quantity, amount, **more)


def cart(*amounts: int | Line, lanes: Sequence[str] = ("main",), many: Sequence[str] = (), **more: Any) -> Cart:
    """A cart of lines of these amounts; ``many`` names the lanes that take several."""
    lines = tuple(each if isinstance(each, Line) else line(no, each) for no, each in enumerate(amounts, start=1))
    made = tuple(Lane(lane, lane in many) for lane in lanes)
    plain: dict[str, Any] = {"at": NOON, "currency": "GBP", "zone": LONDON, "lanes": made}
    return Cart(lines=lines, **{**plain, **more})


def about(field: str, wanted: object) -> dict[str, Any]:
    """A condition on one attribute, as a definition holds it."""

    def test(values: Mapping[str, object]) -> bool:
        return values.get(field) == wanted

    return {
        "test": test,
        "by_line": field.startswith("line."),
        "words": Text(f"{field} is {wanted}", f"{field}为{wanted}"),
        "reads": frozenset([field]),
    }
