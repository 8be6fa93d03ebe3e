"""An adjustment that a second person approved is made once, and a payload that is none is refused."""

import pytest

from regulars.app import wiring
from regulars.domains.loyalty import service
from regulars.domains.loyalty.tasks import approved
from regulars.kernel.problem import Problem
from regulars.platform.db import Database
from tests.support import factories

PAYLOAD = {"member": "external:m0", "unit": "points", "points": 40, "reason": "Late parcel", "key": "case-17"}


def test_an_approved_adjustment_is_made_once_however_often_it_is_carried_out(house: Database) -> None:
    with house.transaction() as ctx:
        (member,) = factories.enrol(ctx, 1)
    for _ in range(2):
        with house.transaction() as ctx:
            assert wiring.EXECUTORS[approved.ADJUST].run(ctx, PAYLOAD)["points"] == 40
    with house.reading() as ctx:
        assert service.standing(ctx, member.member_id).wallet.total("points").available == 40


@pytest.mark.parametrize(("name", "value"), [("points", "40"), ("points", True), ("reason", None), ("key", 7), ("member", 1)])
def test_a_payload_of_the_wrong_shape_is_refused_by_its_field(house: Database, name: str, value: object) -> None:
    with house.transaction() as ctx:
        factories.enrol(ctx, 1)
    with pytest.raises(Problem) as refused, house.transaction() as ctx:
        approved.adjust(ctx, {**PAYLOAD, name: value})
    assert refused.value.faults[0].field == f"payload.{name}"
