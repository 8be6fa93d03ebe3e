"""What a simulation had to assume, in sentences: what always holds of it, and what history could not tell, with how often."""

from typing import Any

from regulars.domains.loyalty.model.simulation import Outcome
from regulars.domains.loyalty.rules import reading
from regulars.domains.loyalty.rules.outcome import Terms
from regulars.kernel.text import Text

_ALWAYS = {
    "one_version": Text(
        "Each side is one version for all of the history, also for the time before it was published; this is not a repetition of what "
        "members were really given.",
        "两侧都以同一个版本贯穿全部历史，包括其发布之前；因此并非重现会员当时的实际所得。",
    ),
    "same_behaviour": Text(
        "Members buy the same at the same time under both: nobody is drawn to a better offer or driven away by a worse one.",
        "会员在两种计划下的购买完全相同：不会因更好的条件多买，也不会因更差的条件流失。",
    ),
    "benefits": Text(
        "Benefits are taken at the use that history shows, which is none: only points are counted as cost.",
        "权益按历史使用率（0）计算：成本只含积分。",
    ),
    "cost": Text(
        "Points cost what they redeem for. Those that lapse or are taken back cost nothing; none are assumed to lapse after the last day.",
        "积分成本按抵扣价值计；已过期或已收回的不计成本；截止日之后不假设有积分失效。",
    ),
}
_REFUSED = {
    "hold": Text(
        "Carts paid with points that the member would not have had: the order is kept, the points are not spent.",
        "购物车中使用了会员不会拥有的积分：保留订单，不扣积分。",
    ),
    "redeem": Text("Redemptions that would have been refused: left out.", "会被拒绝的积分抵扣：未计入。"),
    "transfer": Text("Transfers that would have been refused: nothing is sent.", "会被拒绝的转赠：不转出。"),
    "adjust": Text("Adjustments by hand that would have been refused: left out.", "会被拒绝的人工调整：未计入。"),
}
_COUNTED = {
    "opening": Text(
        "Balances and levels brought from an earlier system: taken over as they were, where the programme knows the unit and the level.",
        "从旧系统带入的余额与等级：按原样接收（仅限计划中存在的单位和等级）。",
    ),
    "adjust": Text("Adjustments by hand: made again as they were.", "人工调整：按原样重做。"),
    "transfer_in": Text(
        "Points received from other members: taken as recorded, whatever the sender would have had.",
        "收到的转赠积分：按记录接收，不论转出方在该计划下是否拥有。",
    ),
    "points_paid": Text(
        "Orders partly paid with points: the part is as recorded, and left out of what is rewarded where the programme says so.",
        "部分以积分支付的订单：支付部分按记录，计划规定不计奖的照样剔除。",
    ),
    "order.store": Text(
        "Orders without a store, which a condition reads: the condition is false for them.", "条件用到门店但订单未注明：视为不满足。"
    ),
    "order.channel": Text(
        "Orders without a channel, which a condition reads: the condition is false for them.", "条件用到渠道但订单未注明：视为不满足。"
    ),
    "line.category": Text(
        "Orders with lines without a category, which a condition reads: the condition is false for those lines.",
        "条件用到品类但订单行未注明：该行视为不满足。",
    ),
}


def told(terms: Terms, found: Outcome) -> list[dict[str, Any]]:
    """Every assumption with its code, its sentence and how often it was made (None: always)."""
    listed = [_line(code, text, None) for code, text in _ALWAYS.items()]
    listed += [_line(code, text, found.assumed[code]) for code, text in _COUNTED.items() if found.assumed.get(code)]
    for side, name in ((found.before, "before"), (found.after, "after")):
        for kind, times in sorted(side.refused.items()):
            listed.append(_line(f"refused.{name}.{kind}", _refused(kind, name), times))
    for code, times in sorted(found.assumed.items()):
        if code.startswith("fact."):
            kind = code.removeprefix("fact.")
            text = Text(f"Facts of the kind “{kind}” are not replayed.", f"“{kind}”类事实未参与重放。")
            listed.append(_line(code, text, times))
    for attribute in sorted((terms.before.reads | terms.after.reads) - reading.ORDER_ATTRIBUTES.keys() - reading.MOMENT_ATTRIBUTES.keys()):
        if not attribute.startswith("line."):
            text = Text(
                f"History does not hold “{attribute}”: conditions that read it are false.",
                f"历史中没有“{attribute}”：用到它的条件视为不满足。",
            )
            listed.append(_line(f"unknown.{attribute}", text, None))
    return listed


def _refused(kind: str, side: str) -> Text:
    text = _REFUSED.get(kind) or Text(
        f"Facts of the kind “{kind}” that would have been refused: left out.", f"会被拒绝的“{kind}”：未计入。"
    )
    whose = Text("Draft", "草案") if side == "after" else Text("In force", "现行")
    return Text(f"{whose.en}: {text.en[0].lower()}{text.en[1:]}", f"{whose.zh}：{text.zh}")


def _line(code: str, text: Text, times: int | None) -> dict[str, Any]:
    return {"code": code, "text": {"en": text.en, "zh": text.zh}, "times": times}
