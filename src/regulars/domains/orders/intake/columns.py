"""Which column means what: guessed from the names that shops, spreadsheets and cash desks use, corrected by the user."""

import difflib
import re
from collections.abc import Mapping, Sequence

from regulars.domains.orders.intake import model
from regulars.domains.orders.intake.model import Field

# The first name that a file has wins, so the plainest meaning comes first. Names are compared without case, blanks and signs.
_NAMES: Mapping[Field, str] = {
    Field.order_number: "order_number order_no order_id ordernum invoice invoice_no invoice_number transaction_id receipt_no "
    "bill_no ticket order number 订单号 订单编号 单号 订单ID 交易号 交易单号 流水号 小票号 单据号 单据编号",
    Field.time: "paid_at order_time order_date invoice_date purchase_date transaction_date created_at created date_time datetime "
    "timestamp time date 下单时间 付款时间 支付时间 订单时间 交易时间 销售时间 订单日期 下单日期 销售日期 交易日期 日期 时间",
    Field.customer: "customer_id customer member_id member_no member client_id user_id userid buyer_id account 会员号 会员编号 会员ID "
    "会员卡号 卡号 客户编号 客户ID 客户号 顾客编号 用户ID 买家ID 会员",
    Field.product: "stock_code sku product_id product_code item_id item_code product item article 商品编码 商品编号 商品ID 货号 SKU编码 "
    "商品代码 商家编码 规格编码 条码 商品",
    Field.quantity: "quantity qty units count 数量 购买数量 商品数量 件数 销售数量",
    Field.price: "unit_price price price_each 单价 商品单价 售价 销售单价 成交单价",
    Field.amount: "line_amount line_total amount total sales revenue grand_total order_total dollars 金额 商品金额 行金额 小计 实付金额 销售金额 "
    "成交金额 订单金额 总金额",
    Field.discount: "line_discount discount_amount discount 优惠 优惠金额 折扣金额 折扣 商品优惠",
    Field.tax: "tax_amount tax vat 税 税额 税费",
    Field.freight: "freight shipping shipping_fee shipping_cost delivery_fee postage 运费 邮费 配送费",
    Field.currency: "currency currency_code 币种 货币",
    Field.category: "category product_category category_name department 类目 品类 分类 商品分类 商品类目",
    Field.store: "store store_id store_code shop shop_id branch 门店 门店编号 门店编码 店铺 店铺编号 门店名称",
    Field.channel: "channel sales_channel 渠道 销售渠道 订单来源 来源渠道",
    Field.phone: "phone phone_number mobile mobile_number tel telephone 手机号 手机 手机号码 电话 联系电话",
    Field.email: "email e_mail email_address mail 邮箱 电子邮箱 邮件",
    Field.name: "customer_name member_name full_name name 姓名 会员姓名 客户姓名 顾客姓名 买家姓名",
}
_SIGNS = re.compile(r"[\s_\-./:#]+")
_UNIT = re.compile(r"[(（\[].*?[)）\]]")
_LINE = (Field.quantity, Field.price)


def guess(columns: Sequence[str]) -> dict[Field, str]:
    """The fields recognised among a file's columns, each with its column; a column means one thing only.

    Where quantity and unit price are there the amount is left alone: files repeat the order's total on every line under names that
    also mean the line's.
    """
    plain: dict[str, str] = {}
    for column in columns:
        plain.setdefault(_plain(column), column)
        plain.setdefault(_plain(_UNIT.sub("", column)), column)
    found: dict[Field, str] = {}
    taken: set[str] = set()
    for field, names in _NAMES.items():
        if field is Field.amount and all(line in found for line in _LINE):
            continue
        recognised = next((plain[p] for name in names.split() if (p := _plain(name)) in plain and plain[p] not in taken), "")
        if recognised:
            found[field] = recognised
            taken.add(recognised)
    return found


def chosen(columns: Sequence[str], overrides: Mapping[str, str], base: Mapping[Field, str] | None = None) -> dict[Field, str]:
    """``base`` (a saved mapping), or the guess, with the user's ``overrides`` (field name to column name; empty: no column).

    Raises ``import.field_unknown`` and ``import.column_unknown`` with the nearest names, ``import.column_twice``, and
    ``import.column_needed`` when the number, the time or every amount is missing.
    """
    wished = {_field(name): _column(column, columns) if column else "" for name, column in overrides.items()}
    if base is None:
        taken = set(wished.values())
        start = {field: column for field, column in guess(columns).items() if column not in taken}
    else:
        start = {field: _column(column, columns) for field, column in base.items()}
    merged = {**start, **wished}
    found = {field: merged[field] for field in Field if merged.get(field)}
    _refuse_doubles(found)
    _refuse_gaps(found, columns)
    return found


def _refuse_doubles(found: Mapping[Field, str]) -> None:
    holder: dict[str, Field] = {}
    for field, column in found.items():
        # A shop without member numbers may know its customers by their phone or e-mail alone.
        other = holder.setdefault(column, field)
        if other is not field and not ({other, field} & {Field.customer} and {other, field} & {Field.phone, Field.email}):
            raise model.COLUMN_TWICE(column=column, first=other.value, second=field.value)


def _refuse_gaps(found: Mapping[Field, str], columns: Sequence[str]) -> None:
    shown = ", ".join(columns)
    for field in (Field.order_number, Field.time):
        if field not in found:
            raise model.COLUMN_NEEDED(field=field.value, columns=shown)
    if Field.amount not in found and Field.price not in found:
        raise model.COLUMN_NEEDED(field=Field.price.value, columns=shown)


def _field(name: str) -> Field:
    try:
        return Field(name)
    except ValueError:
        near = difflib.get_close_matches(name, list(Field), n=3, cutoff=0.4) or list(Field)
        raise model.FIELD_UNKNOWN(field=name, near=", ".join(near)) from None


def _column(name: str, columns: Sequence[str]) -> str:
    if name in columns:
        return name
    by_plain = {_plain(column): column for column in columns}
    if _plain(name) in by_plain:
        return by_plain[_plain(name)]
    near = difflib.get_close_matches(name, columns, n=3, cutoff=0.4) or columns
    raise model.COLUMN_UNKNOWN(column=name, near=", ".join(near))


def _plain(name: str) -> str:
    """A column's name without what people write differently. Empty for one of signs only, which then matches nothing."""
    return _SIGNS.sub("", name).casefold()
