"""What a column can mean, what the user says about a file, what a row becomes, and how an import stands."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from regulars.kernel import problem
from regulars.kernel.problem import Kind
from regulars.kernel.text import Text

COLUMN_UNKNOWN = problem.define(
    "import.column_unknown",
    Kind.invalid,
    en="The file has no column {column}. Nearest: {near}.",
    zh="文件中没有列 {column}。最接近的有：{near}。",
)
FIELD_UNKNOWN = problem.define(
    "import.field_unknown",
    Kind.invalid,
    en="{field} is nothing a column can mean. Nearest: {near}.",
    zh="{field} 不是可用的字段。最接近的有：{near}。",
)
COLUMN_NEEDED = problem.define(
    "import.column_needed",
    Kind.invalid,
    en="No column was recognised as {field}. Name it: --map {field}=COLUMN. The file has: {columns}.",
    zh="未能识别 {field} 对应的列，请指定：--map {field}=列名。文件中的列：{columns}。",
)
COLUMN_TWICE = problem.define(
    "import.column_twice",
    Kind.invalid,
    en="The column {column} cannot mean both {first} and {second}.",
    zh="列 {column} 不能同时对应 {first} 和 {second}。",
)
DATES_AMBIGUOUS = problem.define(
    "import.dates_ambiguous",
    Kind.invalid,
    en="Dates like {value} in column {column} may be day/month or month/day. Say which: --date-format dmy or --date-format mdy.",
    zh="列 {column} 中的 {value} 无法判断是 日/月 还是 月/日，请指定：--date-format dmy 或 --date-format mdy。",
)
DATES_UNKNOWN = problem.define(
    "import.dates_unknown",
    Kind.invalid,
    en="{value} in column {column} is no date in a known form. Name the form: --date-format ymd, dmy, mdy, epoch, epoch_ms or a "
    "pattern like %d.%m.%y %H:%M.",
    zh="列 {column} 中的 {value} 不是可识别的日期。请用 --date-format 指定：ymd、dmy、mdy、epoch、epoch_ms，或形如 %d.%m.%y %H:%M 的格式。",
)
MAPPING_UNKNOWN = problem.define(
    "import.mapping_unknown",
    Kind.not_found,
    en="There is no saved mapping {name}. Saved: {saved}.",
    zh="没有名为 {name} 的已存映射。已有：{saved}。",
)
FILE_CHANGED = problem.define(
    "import.file_changed",
    Kind.conflict,
    en="An import of {file} stopped after {rows:,} rows, and the file or its settings changed since. Put them back to go on, "
    "or begin anew with --restart; orders already recorded stay and are recognised.",
    zh="{file} 的导入在 {rows:,} 行后中断，此后文件或设置已改变。请恢复原状以继续，或用 --restart 重新开始；已记录的订单会保留并被识别。",
)
RUNNING = problem.define(
    "import.running",
    Kind.conflict,
    en="Another process is importing {file} just now. Nothing was done twice; wait for it, see `regulars import status`.",
    zh="另一个进程正在导入 {file}，没有重复处理。请等待其完成，可用 `regulars import status` 查看。",
)


class Field(StrEnum):
    """What a column can mean."""

    order_number = "order_number"
    time = "time"
    customer = "customer"
    product = "product"
    quantity = "quantity"
    price = "price"
    amount = "amount"
    discount = "discount"
    tax = "tax"
    freight = "freight"
    currency = "currency"
    category = "category"
    store = "store"
    channel = "channel"
    phone = "phone"
    email = "email"
    name = "name"


PERSONAL = (Field.phone, Field.email, Field.name)
"""Fields whose values are sealed while they wait, and never shown in a quarantine."""

LABELS: Mapping[Field, Text] = {
    Field.order_number: Text("order number", "订单号"),
    Field.time: Text("time of the order", "下单时间"),
    Field.customer: Text("customer", "会员号"),
    Field.product: Text("product", "商品编码"),
    Field.quantity: Text("quantity", "数量"),
    Field.price: Text("unit price", "单价"),
    Field.amount: Text("amount of the line", "行金额"),
    Field.discount: Text("discount of the line", "行优惠"),
    Field.tax: Text("tax contained in the line", "行内含税"),
    Field.freight: Text("freight of the order", "订单运费"),
    Field.currency: Text("currency", "币种"),
    Field.category: Text("product category", "商品类目"),
    Field.store: Text("store", "门店"),
    Field.channel: Text("channel", "渠道"),
    Field.phone: Text("phone number", "手机号"),
    Field.email: Text("e-mail address", "邮箱"),
    Field.name: Text("name", "姓名"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How to understand a file. The defaults are those of the public retail file the product is shown with.

    ``source`` names the system the order numbers come from: the same number from the same source is the same order for ever.
    ``zone`` is where times without an offset were written down. Order numbers that begin with ``refund_prefix`` are refunds, with
    ``adjustment_prefix`` book-keeping that no customer did (quarantined); empty: neither. ``numbers`` says how amounts are
    written: ``1234.56``, ``1,234.56`` or ``1.234,56``. ``region`` is where phone numbers without a country code belong.
    ``moved_days`` moves every time, for data that is shown as if it were recent.
    """

    source: str = "import"
    zone: str = "Europe/London"
    currency: str = "GBP"
    date_format: str = "auto"
    numbers: str = "1234.56"
    refund_prefix: str = "C"
    adjustment_prefix: str = "A"
    drop_repeats: bool = False
    region: str = "CN"
    moved_days: int = 0


NUMBERS = ("1234.56", "1,234.56", "1.234,56")


class RowClass(StrEnum):
    """Where a row of the file ended. Exactly one for each."""

    imported_member = "imported_member"
    imported_anonymous = "imported_anonymous"
    refund_matched = "refund_matched"
    refund_unmatched = "refund_unmatched"
    quarantined = "quarantined"


CLASS_LABELS: Mapping[RowClass, Text] = {
    RowClass.imported_member: Text("imported, of a member", "已导入（会员）"),
    RowClass.imported_anonymous: Text("imported, anonymous", "已导入（匿名）"),
    RowClass.refund_matched: Text("refund, matched to its sale", "退款（已匹配原单）"),
    RowClass.refund_unmatched: Text("refund, without its sale", "退款（未匹配）"),
    RowClass.quarantined: Text("quarantined", "已隔离"),
}


class SpoolRow(NamedTuple):
    """A good row. Amounts are minor units; ``price`` is the exact unit price as text, which refunds are matched by."""

    row_no: int
    order_no: str
    customer: str
    at: datetime
    product: str
    quantity: int
    price: str
    amount: int
    discount: int
    tax: int
    freight: int
    currency: str
    category: str
    store: str
    channel: str


class Person(NamedTuple):
    """What a row says of its customer, as it stands there."""

    row_no: int
    phone: str
    email: str
    name: str


class Bad(NamedTuple):
    """A quarantined row, or (``kept``) a value left out of a row that went in. ``reason`` is a code of :mod:`.reasons`."""

    row_no: int
    field: str
    value: str
    reason: str
    detail: str = ""
    kept: bool = False


class State(StrEnum):
    """How far an import is."""

    reading = "reading"
    applying = "applying"
    done = "done"
    abandoned = "abandoned"


class Cursor(NamedTuple):
    """How far a lane is recorded: customers before this one (nobody comes last), and ``done`` orders and refunds of it."""

    customer: str
    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A share of an import's customers, recorded by itself: from ``low`` up to ``high``, which it does not hold. None is no bound;
    nobody (empty) comes behind all customers.
    """

    import_id: UUID
    no: int
    low: str | None
    high: str | None
    cursor: Cursor | None
    done: bool
    step: int
    progress: float
    counts: "Counts"
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Which file under which settings, how far it is, what was counted. ``own`` and ``own_progress`` leave out what ``lanes`` did."""

    import_id: UUID
    file: str
    size: int
    sha256: str
    settings: dict[str, object]
    state: State
    position: int
    step: int
    own_progress: float
    own: "Counts"
    wrapped_key: bytes | None
    history: bool
    started_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    lanes: tuple[Lane, ...] = ()

    @property
    def counts(self) -> "Counts":
        """Everything that was counted so far."""
        total = self.own
        for lane in self.lanes:
            total = total.plus(lane.counts)
        return total

    @property
    def progress(self) -> float:
        """How far the state it is in has come, 0 to 1."""
        return sum(lane.progress for lane in self.lanes) / len(self.lanes) if self.lanes else self.own_progress

    @property
    def moved_at(self) -> datetime:
        """When something was last done."""
        return max(self.updated_at, *(lane.updated_at for lane in self.lanes)) if self.lanes else self.updated_at

    def with_lane(self, moved: Lane) -> "Import":
        """The same, with this lane as it stands now."""
        return replace(self, lanes=tuple(moved if lane.no == moved.no else lane for lane in self.lanes))


@dataclass(slots=True)
class Counts:
    """What was counted so far. ``classes`` and ``known`` are rows by class (``known``: already recorded before this import);
    ``reasons`` are quarantined rows by reason; ``rows`` is every row the reader gave; ``other`` counts the rest by name.
    """

    rows: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)

    def plus(self, more: "Counts") -> "Counts":
        """Both together, as a new object: what an import held before a failed transaction must not have changed."""
        return Counts(
            rows=self.rows + more.rows,
            classes=self.classes + more.classes,
            known=self.known + more.known,
            reasons=self.reasons + more.reasons,
            other=self.other + more.other,
        )

    def as_dict(self) -> dict[str, object]:
        return {"rows": self.rows, **{k: dict(getattr(self, k)) for k in ("classes", "known", "reasons", "other")}}

    @classmethod
    def of(cls, stored: Mapping[str, object]) -> "Counts":
        """The counts that ``as_dict`` gave."""
        parts: dict[str, Counter[str]] = {}
        for name in ("classes", "known", "reasons", "other"):
            part = stored.get(name)
            parts[name] = Counter(part) if isinstance(part, dict) else Counter()
        rows = stored.get("rows")
        return cls(rows=rows if isinstance(rows, int) else 0, **parts)
