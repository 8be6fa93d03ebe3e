"""Every permission there is, and the roles that come with the house."""

from dataclasses import dataclass
from enum import StrEnum

from regulars.domains.operators.model import Role

EVERYTHING = "*"


class Reach(StrEnum):
    """What becomes of a permission when a grant is limited to some stores.

    ``brand``: it concerns the whole brand, a limited grant does not carry it. ``store``: it is checked against the store of the thing.
    ``shared``: the thing belongs to no store (a member, the programme's text), a limited grant carries it whole.
    """

    brand = "brand"
    store = "store"
    shared = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One right with its labels. ``people_only``: an API key can never hold it, so that a leaked key cannot make keys or approve."""

    name: str
    reach: Reach
    en: str
    zh: str
    people_only: bool = False


def _permission(name: str, reach: Reach, en: str, zh: str, *, people_only: bool = False) -> Permission:
    return Permission(name=name, reach=reach, en=en, zh=zh, people_only=people_only)


_ALL = (
    _permission("members.read", Reach.shared, "See members, personal fields masked", "查看会员（个人信息脱敏）"),
    _permission("members.write", Reach.shared, "Enrol and change members", "新增和修改会员"),
    _permission("members.reveal", Reach.shared, "See personal fields in full", "查看完整个人信息"),
    _permission("members.identify", Reach.shared, "Identify a member by the code it shows", "扫会员码识别会员"),
    _permission("orders.read", Reach.store, "See orders and refunds", "查看订单与退款"),
    _permission("orders.write", Reach.store, "Record orders and refunds", "录入订单与退款"),
    _permission("quotes.write", Reach.store, "Quote, hold and redeem", "试算、冻结与抵扣"),
    _permission("points.read", Reach.shared, "See balances and journals", "查看积分余额与流水"),
    _permission("points.adjust", Reach.shared, "Adjust points by hand", "人工调整积分"),
    _permission("points.transfer", Reach.shared, "Transfer points between members", "转赠积分"),
    _permission("points.redeem", Reach.shared, "Redeem points", "抵扣积分"),
    _permission("value.load", Reach.shared, "Load stored value", "储值充值"),
    _permission("acts.write", Reach.shared, "Record what members do besides buying", "录入会员行为"),
    _permission("tiers.give", Reach.shared, "Give levels by hand or invitation", "人工授予等级"),
    _permission("coupons.read", Reach.shared, "See coupons and who holds them", "查看优惠券与持有人"),
    _permission("coupons.give", Reach.shared, "Give, withdraw and transfer coupons", "发放、作废与转赠优惠券"),
    _permission("coupons.redeem", Reach.shared, "Redeem coupons at the counter", "核销优惠券"),
    _permission("coupons.manage", Reach.brand, "Make, download and withdraw coupon codes", "生成、下载与作废券码"),
    _permission("rewards.read", Reach.shared, "See the rewards mall and its orders", "查看积分商城与兑换订单"),
    _permission("rewards.order", Reach.shared, "Order rewards for members", "代会员兑换"),
    _permission("rewards.fulfil", Reach.shared, "Fulfil and cancel reward orders", "处理与取消兑换订单"),
    _permission("benefits.read", Reach.shared, "See benefits and their use", "查看权益与使用情况"),
    _permission("benefits.use", Reach.shared, "Record and reverse the use of benefits", "登记与撤销权益使用"),
    _permission("gift_cards.manage", Reach.brand, "Make and withdraw gift cards", "制作与作废礼品卡"),
    _permission("programme.read", Reach.shared, "See the programme", "查看会员计划"),
    _permission("programme.write", Reach.brand, "Edit programme drafts", "编辑会员计划草稿"),
    _permission("programme.publish", Reach.brand, "Publish and roll back the programme", "发布与回滚会员计划"),
    _permission("catalog.read", Reach.shared, "See stores and products", "查看门店与商品"),
    _permission("catalog.write", Reach.brand, "Change stores and products", "修改门店与商品"),
    _permission("experiments.read", Reach.brand, "See hold-outs and assignments", "查看对照组与分组"),
    _permission("experiments.write", Reach.brand, "Switch hold-outs and experiments", "设置对照组与实验"),
    _permission("imports.read", Reach.brand, "See imports and their reports", "查看导入与导入报告"),
    _permission("imports.run", Reach.brand, "Import files", "执行导入"),
    _permission("imports.values", Reach.brand, "See what stood in quarantined rows", "查看隔离行中的原值"),
    _permission("reports.read", Reach.brand, "See reports", "查看报表"),
    _permission("jobs.read", Reach.brand, "See background jobs", "查看后台任务"),
    _permission("webhooks.read", Reach.brand, "See webhook endpoints and what was sent", "查看 Webhook 端点与投递日志"),
    _permission("webhooks.write", Reach.brand, "Change webhook endpoints and send again", "设置 Webhook 端点与重发消息"),
    _permission("verify.run", Reach.brand, "Verify the ledger", "核验账本"),
    _permission("privacy.export", Reach.brand, "Export everything held of a member", "导出会员全部个人信息"),
    _permission("privacy.erase", Reach.brand, "Erase a member", "删除会员个人信息"),
    _permission("approvals.read", Reach.brand, "See requests for approval", "查看审批申请"),
    _permission("approvals.decide", Reach.brand, "Approve or refuse requests", "批准或拒绝申请", people_only=True),
    _permission("audit.read", Reach.brand, "See the audit log", "查看审计日志"),
    _permission("operators.manage", Reach.brand, "Manage operators and roles", "管理操作员与角色", people_only=True),
    _permission("keys.manage", Reach.brand, "Manage API keys", "管理 API 密钥", people_only=True),
)
PERMISSIONS = {permission.name: permission for permission in _ALL}

# Who runs the programme day by day neither hands out rights nor reads what the programme doesn't need.
_NOT_OPERATIONS = frozenset({"operators.manage", "keys.manage", "audit.read", "members.reveal", "privacy.export", "privacy.erase"})
_COUNTER = frozenset(
    {
        "members.identify",
        "members.read",
        "members.write",
        "orders.read",
        "orders.write",
        "quotes.write",
        "points.read",
        "points.redeem",
        "value.load",
        "acts.write",
        "coupons.read",
        "coupons.redeem",
        "rewards.read",
        "rewards.order",
        "benefits.read",
        "benefits.use",
        "programme.read",
        "catalog.read",
    }
)


def _role(role: str, name_en: str, name_zh: str, permissions: frozenset[str]) -> Role:
    return Role(role=role, name_en=name_en, name_zh=name_zh, permissions=permissions, built_in=True)


ADMIN = "admin"
_ROLES = (
    _role(ADMIN, "Administrator", "管理员", frozenset({EVERYTHING})),
    _role("operations", "Operations lead", "会员运营", frozenset(PERMISSIONS) - _NOT_OPERATIONS),
    _role("clerk", "Store clerk", "店员", _COUNTER),
    _role(
        "service",
        "Service agent",
        "客服",
        _COUNTER - {"orders.write"}
        | {"members.reveal", "points.adjust", "points.transfer", "coupons.give", "rewards.fulfil", "approvals.read"},
    ),
    _role(
        "analyst",
        "Analyst",
        "分析师",
        frozenset(
            {
                "reports.read",
                "programme.read",
                "catalog.read",
                "orders.read",
                "points.read",
                "coupons.read",
                "rewards.read",
                "benefits.read",
                "experiments.read",
                "imports.read",
                "jobs.read",
            }
        ),
    ),
    _role(
        "integration",
        "Integration",
        "系统对接",
        _COUNTER | {"points.transfer", "coupons.give", "rewards.fulfil", "catalog.write", "imports.run", "imports.read", "webhooks.read"},
    ),
    _role(
        "privacy",
        "Privacy officer",
        "隐私专员",
        frozenset(
            {
                "members.read",
                "members.write",
                "members.reveal",
                "orders.read",
                "points.read",
                "privacy.export",
                "privacy.erase",
                "audit.read",
                "approvals.read",
            }
        ),
    ),
)
BUILT_IN = {role.role: role for role in _ROLES}
