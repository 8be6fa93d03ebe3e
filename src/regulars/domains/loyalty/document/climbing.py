"""Ladders read aloud: what counts, how a level is reached, kept and lost."""

from regulars.domains.loyalty.document import ladders, schema
from regulars.domains.loyalty.document.items import ROUNDED, Item, content, together
from regulars.kernel import money
from regulars.kernel.text import Text

_COUNTS = {
    "spend": Text("spend", "消费额"),
    "visits": Text("paid orders", "消费次数"),
    "tenure": Text("months since joining", "入会月数"),
    "invitation": Text("invitation", "邀请"),
}
_DOWN = {
    "reassess": Text("who then has too little goes to the level it carries", "届时不足者降至当时对应的等级"),
    "one_step": Text("who then has too little goes one level down", "届时不足者降一级"),
    "none": Text("nobody goes down", "不降级"),
}
_SPANS = {"month": Text("month", "自然月"), "quarter": Text("quarter", "自然季度"), "year": Text("year", "自然年")}


def items(document: schema.Document, ladder: ladders.AnyLadder) -> list[Item]:
    """The ladder and its levels."""
    path = "ladder" if ladder.id == "main" else f"ladders.{ladder.id}"
    whole = Item(
        path=path,
        part="ladder",
        title=ladder.label.text,
        sentence=together(_said(document, ladder)),
        content=content(ladder, without=("levels",)),
    )
    return [whole, *(_level(document, ladder, level, path) for level in ladder.levels)]


def counted(document: schema.Document, ladder: ladders.AnyLadder) -> Text:
    """What the ladder counts, by name."""
    return document.units[ladder.unit].label.text if ladder.unit else _COUNTS[ladder.counts]


def _said(document: schema.Document, ladder: ladders.AnyLadder) -> list[Text]:
    by = counted(document, ladder)
    within = _window(ladder)
    said = [Text(f"By {by.en}{within[0]}.", f"按{by.zh}{within[1]}评定。")]
    keep = _keep(ladder.keep)
    said.append(Text(f"A level is kept {keep.en}; {_DOWN[ladder.downgrade].en}.", f"等级保留{keep.zh}；{_DOWN[ladder.downgrade].zh}。"))
    if ladder.upgrade == "at_review":
        said.append(Text("Members go up at the review only.", "仅在评定时升级。"))
    if ladder.grace_days:
        said.append(Text(f"{ladder.grace_days} days of grace to qualify again.", f"缓冲期 {ladder.grace_days} 天。"))
    if ladder.notice_days:
        said.append(Text(f"Who would drop is told {ladder.notice_days} days before.", f"降级前 {ladder.notice_days} 天提醒。"))
    if ladder.on_refund == "at_once":
        said.append(Text("A refund lowers the level at once.", "退款后立即重新评定。"))
    return said


def _window(ladder: ladders.AnyLadder) -> tuple[str, str]:
    """In which time things count, in English and Chinese; nothing for what counts for ever or by its unit's own expiry."""
    window = ladder.window
    if window is None or window.kind == "lifetime":
        return "", ""
    if window.kind == "anniversary":
        return " of the member's own year", "（会员年度内）"
    if window.kind == "calendar":
        span = _SPANS[window.period]
        return f" of the calendar {span.en}", f"（{span.zh}内）"
    if window.months:
        return f" of the last {window.months} months", f"（近 {window.months} 个月）"
    return f" of the last {window.days} days", f"（近 {window.days} 天）"


def _keep(keep: ladders.Keep) -> Text:
    if keep.until is not None:
        month, day = keep.until.month, keep.until.day
        away = (f" that is {keep.months} months away or more", f"（至少 {keep.months} 个月后）") if keep.months else ("", "")
        return Text(f"to the next {month}/{day}{away[0]}", f"至下一个 {month} 月 {day} 日{away[1]}")
    rounded = ROUNDED[keep.round_to]
    return Text(f"for {keep.months} months{rounded[0]}", f" {keep.months} 个月{rounded[1]}")


def _level(document: schema.Document, ladder: ladders.AnyLadder, level: ladders.Rung, path: str) -> Item:
    by = counted(document, ladder)
    if level.invited or ladder.counts == "invitation":
        first = level is ladder.levels[0]
        said = [Text("For everybody.", "面向所有会员。") if first else Text("By invitation only.", "仅限邀请。")]
    else:
        amount = f"{level.from_:,}"
        if ladder.counts == "spend":
            amount = money.said(level.from_, document.currency)
        said = [Text(f"From {amount} {by.en}.", f"{by.zh}达到 {amount}。")] if level.from_ else [Text("For everybody.", "面向所有会员。")]
    if level.floor:
        said.append(Text("Who has reached it never falls below it.", "达到后不再降到此级以下。"))
    return Item(path=f"{path}.levels.{level.id}", part="level", title=level.label.text, sentence=together(said), content=content(level))
