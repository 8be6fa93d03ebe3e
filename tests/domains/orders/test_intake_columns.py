"""Which column means what."""

import pytest

from regulars.domains.orders.intake import columns
from regulars.domains.orders.intake.model import Field
from regulars.kernel.problem import Problem

RETAIL = ("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country")


def test_the_retail_file_is_recognised_whole() -> None:
    assert columns.guess(RETAIL) == {
        Field.order_number: "Invoice",
        Field.time: "InvoiceDate",
        Field.customer: "Customer ID",
        Field.product: "StockCode",
        Field.quantity: "Quantity",
        Field.price: "Price",
    }


def test_chinese_headers_are_recognised_whatever_unit_stands_behind_them() -> None:
    header = (
        "订单编号",
        "下单时间",
        "会员号",
        "商品编码",
        "数量",
        "单价(元)",
        "优惠金额（元）",
        "运费",
        "税额",
        "币种",
        "门店",
        "渠道",
        "手机号",
        "姓名",
        "邮箱",
        "类目",
    )
    assert columns.guess(header) == {
        Field.order_number: "订单编号",
        Field.time: "下单时间",
        Field.customer: "会员号",
        Field.product: "商品编码",
        Field.quantity: "数量",
        Field.price: "单价(元)",
        Field.discount: "优惠金额（元）",
        Field.freight: "运费",
        Field.tax: "税额",
        Field.currency: "币种",
        Field.store: "门店",
        Field.channel: "渠道",
        Field.phone: "手机号",
        Field.name: "姓名",
        Field.email: "邮箱",
        Field.category: "类目",
    }


def test_signs_and_capitals_do_not_matter() -> None:
    assert columns.guess(("ORDER-NO.", "paid at", "Member_ID", "Unit Price")) == {
        Field.order_number: "ORDER-NO.",
        Field.time: "paid at",
        Field.customer: "Member_ID",
        Field.price: "Unit Price",
    }


def test_the_total_of_the_order_is_not_taken_for_the_amount_of_a_line() -> None:
    assert Field.amount not in columns.guess(("订单号", "时间", "数量", "单价", "订单金额"))
    assert columns.guess(("订单号", "时间", "订单金额"))[Field.amount] == "订单金额"


def test_the_user_has_the_last_word() -> None:
    found = columns.chosen(RETAIL, {"store": "Country", "customer": ""})
    assert found[Field.store] == "Country"
    assert Field.customer not in found


def test_an_override_takes_its_column_from_the_guess() -> None:
    found = columns.chosen(("Invoice", "InvoiceDate", "Price", "Date"), {"time": "Date"})
    assert found == {Field.order_number: "Invoice", Field.time: "Date", Field.price: "Price"}


def test_customers_may_be_known_by_their_phone_alone() -> None:
    found = columns.chosen(("订单号", "时间", "单价", "手机号"), {"customer": "手机号", "phone": "手机号"})
    assert (found[Field.customer], found[Field.phone]) == ("手机号", "手机号")


@pytest.mark.parametrize(
    ("header", "overrides", "code", "named"),
    [
        (RETAIL, {"order_number": "Invoce"}, "import.column_unknown", "Invoice"),
        (RETAIL, {"order_numer": "Invoice"}, "import.field_unknown", "order_number"),
        (RETAIL, {"store": "Country", "channel": "Country"}, "import.column_twice", "channel"),
        (("a", "b", "Price"), {}, "import.column_needed", "order_number"),
        (("Invoice", "b", "Price"), {}, "import.column_needed", "time"),
        (("Invoice", "Date", "b"), {}, "import.column_needed", "price"),
    ],
)
def test_what_cannot_be_is_refused_with_names(header: tuple[str, ...], overrides: dict[str, str], code: str, named: str) -> None:
    with pytest.raises(Problem, match=named) as refused:
        columns.chosen(header, overrides)
    assert refused.value.code == code


def test_a_saved_mapping_is_used_instead_of_the_guess_and_must_fit_the_file() -> None:
    saved = {Field.order_number: "Invoice", Field.time: "InvoiceDate", Field.price: "Price"}
    assert columns.chosen(RETAIL, {"store": "Country"}, saved) == {**saved, Field.store: "Country"}
    with pytest.raises(Problem, match="Price"):
        columns.chosen(("Invoice", "InvoiceDate", "Prix"), {}, saved)
