"""A few members of the demo whom one can sign in as on the member pages.

The demo's orders name customers by number only. Those with the longest history get a name and a telephone of the range that is kept for
fiction (+44 7700 900000 to 900999, Ofcom): no message can reach anybody. Their codes are in the development inbox.
"""

from dataclasses import dataclass

from regulars.app import demo
from regulars.domains.loyalty.service import mine
from regulars.domains.members import service as members
from regulars.domains.members.model import Enrolment, Field, Status
from regulars.kernel.text import Text
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database

_LINE = Text("  Sign in as  {name}, {phone} ({orders} orders, {level})", "  会员登录    {name}，{phone}（{orders} 单，{level}）")
_PEOPLE = (
    ("Grace Holloway", "+447700900101"),
    ("林晓雨", "+447700900102"),
    ("Samuel Okafor", "+447700900103"),
    ("陈嘉禾", "+447700900104"),
    ("Priya Raman", "+447700900105"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody of the demo: ``phone`` is what one signs in with."""

    name: str
    phone: str
    orders: int
    level: Text

    @property
    def line(self) -> Text:
        """One line for the terminal."""
        told = {"name": self.name, "phone": self.phone, "orders": self.orders}
        return Text(en=_LINE.en.format(**told, level=self.level.en), zh=_LINE.zh.format(**told, level=self.level.zh))


def ensure(db: Database, *, keyring: Keyring) -> list[Known]:
    """The demo's most faithful members can sign in; who they are, the one with the most orders first.

    Who has a telephone keeps it, so that a second call changes nothing. Empty before the demo is imported.
    """
    with db.transaction() as ctx:
        found = dict(mine.most_orders(ctx, demo.SOURCE, len(_PEOPLE)))
        rows = {member: members.get_member(ctx, member) for member in found}
        chosen = [
            (row, person)
            for row, person in zip(rows.values(), _PEOPLE, strict=False)
            if row.status is Status.active and row.external_id is not None
        ]
        members.enrol(
            ctx,
            [
                Enrolment(external_id=row.external_id or "", joined_at=row.joined_at, name=name, phone=phone, region="GB")
                for row, (name, phone) in chosen
            ],
            keyring=keyring,
        )
        told = []
        for row, _ in chosen:
            fields = members.own(ctx, row.member_id, keyring=keyring).fields
            level = mine.level(mine.overview(ctx, row.member_id))
            told.append(Known(name=fields[Field.name], phone=fields[Field.phone], orders=found[row.member_id], level=level))
    return told
