"""The words that conditions can use about members."""

from regulars.domains.members import attributes, service
from regulars.domains.members.model import MemberRef
from regulars.kernel.attributes import Registry
from regulars.platform.context import Ctx


def test_every_attribute_that_is_registered_can_be_read(ctx: Ctx, wang: MemberRef) -> None:
    registry = Registry()
    attributes.register(registry)
    names = {attribute.name for attribute in registry.list_()}
    assert names == set(service.attribute_values(ctx, [wang.member_id])[wang.member_id])
