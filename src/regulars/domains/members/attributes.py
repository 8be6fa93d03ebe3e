"""What this slice knows about a member, as words that conditions can use. Nothing personal: those fields stay sealed."""

from regulars.kernel.attributes import Attribute, Registry, Type

ATTRIBUTES = (
    Attribute(name="member.joined_at", type=Type.datetime, label_en="Joined at", label_zh="入会时间", lineage="members.joined_at"),
    Attribute(
        name="member.source",
        type=Type.choice,
        label_en="Joined through",
        label_zh="入会来源",
        lineage="members.source",
        sample="import",
    ),
    Attribute(name="member.locale", type=Type.choice, label_en="Language", label_zh="语言", lineage="members.locale", sample="zh-CN"),
    Attribute(name="member.store", type=Type.choice, label_en="Home store", label_zh="归属门店", lineage="members.store", sample="SH-001"),
    Attribute(
        name="member.status",
        type=Type.choice,
        label_en="Account status",
        label_zh="账户状态",
        lineage="members.status",
        choices=("active", "closed", "erased"),
    ),
)


def register(registry: Registry) -> None:
    """Conditions may use what this slice knows; ``service.attribute_values`` reads it."""
    registry.register(*ATTRIBUTES)
