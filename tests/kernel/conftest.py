"""A small registry with an attribute of every type and one occurrence."""

import pytest

from regulars.kernel import periods
from regulars.kernel.attributes import Attribute, Occurrence, Registry, Type


def attribute(name: str, type_: Type, en: str, zh: str, **more: object) -> Attribute:
    return Attribute(name=name, type=type_, label_en=en, label_zh=zh, lineage="a test", **more)  # type: ignore[arg-type]  # keywords


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry(
        [
            attribute("member.tier", Type.choice, "tier", "等级", choices=("silver", "gold", "platinum")),
            attribute("member.store", Type.choice, "home store", "归属门店"),
            attribute("member.orders", Type.integer, "number of orders", "订单数"),
            attribute("member.age", Type.integer, "age", "年龄", unit="years"),
            attribute("member.churn", Type.decimal, "churn risk", "流失风险"),
            attribute("member.city", Type.text, "city", "城市"),
            attribute("member.adult", Type.boolean, "of age", "成年"),
            attribute("member.birthday", Type.date, "birthday", "生日"),
            attribute("member.seen", Type.datetime, "last visit", "最近到访"),
            attribute("member.tags", Type.set, "tags", "标签"),
            attribute("member.channels", Type.set, "channels", "渠道", choices=("sms", "email", "wechat")),
            attribute("order.total", Type.money, "order total", "订单金额", unit="GBP"),
            attribute("order.base", Type.money, "base", "基数"),
            attribute("order.yen", Type.money, "yen", "日元", unit="JPY"),
        ],
        [
            Occurrence(
                name="order.paid",
                label_en="paid an order",
                label_zh="下单",
                attributes=(
                    attribute("total", Type.money, "total", "金额", unit="GBP"),
                    attribute("channel", Type.choice, "channel", "渠道", choices=("pos", "web")),
                ),
            )
        ],
    ).freeze()


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    """Every test computes; none is answered with what another has computed."""
    for cached in (periods.resolve_local, periods._bounds, periods._rolling, periods._calendar, periods._window):
        cached.cache_clear()
