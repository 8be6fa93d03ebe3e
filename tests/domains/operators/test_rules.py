"""The pure decisions, by tables and properties; no database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.operators import model, rules
from regulars.domains.operators.model import Approval, ApprovalId, ApprovalState, Grant
from regulars.domains.operators.model import permissions as registry
from regulars.kernel import ids
from regulars.kernel.problem import Problem

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROLES = {name: role.permissions for name, role in registry.BUILT_IN.items()}


@pytest.mark.parametrize(
    ("given_", "stored"),
    [("Li.Na", "li.na"), ("  li.na@Example.com ", "li.na@example.com"), ("ＬＩ", "li"), ("Straße", "strasse"), ("李娜", "李娜")],
)
def test_a_login_has_one_spelling(given_: str, stored: str) -> None:
    assert rules.login(given_) == stored


@pytest.mark.parametrize("given_", ["", "a", " a ", "li na", "li\tna", "li\x00na", "li\ud800na", "li\u200bna", "x" * 101])
def test_what_cannot_be_a_login_is_refused_by_name(given_: str) -> None:
    with pytest.raises(Problem) as refused:
        rules.login(given_)
    shown = given_[:120].encode(errors="replace").decode()
    assert [(f.field, f.value) for f in refused.value.faults] == [("login", shown)]
    assert refused.value.faults[0].expected == "2 to 100 characters without blanks, for example li.na or li.na@example.com"


@pytest.mark.parametrize("given_", ["x" * 100, "x" * 2])
def test_a_login_has_two_to_a_hundred_characters(given_: str) -> None:
    assert rules.login(given_) == given_


@given(st.text(min_size=2, max_size=30))
def test_normalising_a_login_twice_changes_nothing_more(given_: str) -> None:
    try:
        once = rules.login(given_)
    except Problem:
        return
    assert rules.login(once) == once


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("short-but-ok", None),
        ("shortbutnot", "12 to 128 characters"),
        ("x" * 129, "12 to 128 characters"),
        ("abcd" * 32, "at least 5 different characters"),
        ("abcdz" + "q7wK" * 30, None),
        ("0a1b2c3d4e5f6g7h" * 8, None),
        ("123456789012", "no run of neighbouring characters such as 123456789012"),
        ("aaaabbbbccccddddeeee", "no run of neighbouring characters such as 123456789012"),
        ("Password2026!!", "more than a common word with digits and signs around it"),
        ("!!!QWERTYUIOP12345", "more than a common word with digits and signs around it"),
        ("correct horse battery", None),
        ("my-li.na-secret-7", "a password that does not contain the login"),
        ("MY-LI.NA-SECRET-7", "a password that does not contain the login"),
        ("tab\there-and-there", "no control characters"),
        ("half\ud800-a-character", "no control characters"),
        ("一二三四五六七八九十甲乙", None),
    ],
)
def test_a_password_is_long_and_not_guessable(password: str, expected: str | None) -> None:
    if expected is None:
        rules.check_password("password", password, login_="li.na")
        return
    with pytest.raises(Problem) as refused:
        rules.check_password("password", password, login_="li.na")
    assert [(f.field, f.value, f.expected) for f in refused.value.faults] == [("password", "***", expected)]


def test_a_login_of_two_letters_may_occur_in_a_password() -> None:
    rules.check_password("password", "a-liquid-house-9", login_="li")
    with pytest.raises(Problem):
        rules.check_password("password", "a-liquid-house-9", login_="liq")


def test_two_thirds_neighbouring_steps_make_a_run_and_less_does_not() -> None:
    # 15 steps, 10 of them neighbouring; then 9.
    with pytest.raises(Problem, match="neighbouring"):
        rules.check_password("password", "abcdefghijkzbydx", login_="li.na")
    rules.check_password("password", "abcdefghijzbydxe", login_="li.na")
    rules.check_password("password", "acegikmoqsuwy", login_="li.na")


def test_a_password_is_the_same_from_two_keyboards() -> None:
    assert rules.password("ｐａｓｓ") == "pass"
    assert rules.password("e\u0301") == rules.password("\u00e9")


@pytest.mark.parametrize(
    ("given_", "clean"), [(" Nightly import ", "Nightly import"), ("x" * 5, "x" * 5), ("e\u0301", "\u00e9"), ("夜间", "夜间")]
)
def test_a_text_is_kept_without_blanks_around_it(given_: str, clean: str) -> None:
    assert rules.text("name", given_, at_most=14) == clean


@pytest.mark.parametrize("given_", ["", "   ", "x" * 15, "a\x00b", "a\nb", "a\ud800b"])
def test_an_empty_long_or_odd_text_is_refused(given_: str) -> None:
    with pytest.raises(Problem) as refused:
        rules.text("name", given_, at_most=14)
    shown = given_.encode(errors="replace").decode()
    assert [f.value for f in refused.value.faults] == [shown]
    assert [(f.field, f.expected) for f in refused.value.faults] == [("name", "1 to 14 characters, none of them a control character")]


# Permissions


def test_roles_add_up() -> None:
    both = rules.held([Grant("clerk"), Grant("analyst")], ROLES)
    assert both == ROLES["clerk"] | ROLES["analyst"]


def test_an_administrator_holds_the_star_and_nothing_beside() -> None:
    assert rules.held([Grant("admin"), Grant("clerk")], ROLES) == {"*"}


def test_a_role_that_is_gone_gives_nothing() -> None:
    assert rules.held([Grant("gone"), Grant("gone", ("S1",))], ROLES) == frozenset()


def test_a_grant_limited_to_stores_carries_each_permission_as_far_as_it_reaches() -> None:
    roles = {"some": frozenset({"orders.write", "members.read", "reports.read"})}
    assert rules.held([Grant("some", ("S1", "S2"))], roles) == {"orders.write", "orders.write@S1", "orders.write@S2", "members.read"}


def test_a_limited_administrator_is_limited() -> None:
    mine = rules.held([Grant("admin", ("S1",))], ROLES)
    assert "*" not in mine
    assert "operators.manage" not in mine
    assert {"orders.read", "orders.read@S1", "members.reveal"} <= mine


def test_an_unlimited_grant_lifts_the_limit_of_another() -> None:
    roles = {"one": frozenset({"orders.write"}), "two": frozenset({"orders.write"})}
    assert rules.held([Grant("one", ("S1",)), Grant("two")], roles) == {"orders.write"}


@pytest.mark.parametrize(
    ("mine", "stores"),
    [
        ({"*"}, None),
        ({"orders.write"}, None),
        ({"orders.write", "orders.write@S1", "orders.write@S2"}, {"S1", "S2"}),
        ({"orders.read", "orders.read@S1"}, set()),
        ({"orders.write", "orders.write@S@1"}, {"S@1"}),
        (set(), set()),
    ],
)
def test_the_stores_of_a_permission(mine: set[str], stores: set[str] | None) -> None:
    assert rules.stores_of(frozenset(mine), "orders.write") == stores


@pytest.mark.parametrize(
    ("wanted", "mine", "too_much"),
    [
        ({"orders.read"}, {"orders.read", "orders.write"}, []),
        ({"orders.write", "audit.read"}, {"orders.read"}, ["audit.read", "orders.write"]),
        ({"*"}, {"orders.read"}, ["*"]),
        ({"*"}, {"*"}, []),
        ({"orders.read"}, {"*"}, []),
        ({"orders.read", "orders.read@S1"}, {"orders.read"}, []),
        ({"orders.read"}, {"orders.read", "orders.read@S1"}, ["orders.read"]),
        ({"orders.read", "orders.read@S1"}, {"orders.read", "orders.read@S1", "orders.read@S2"}, []),
        ({"orders.read", "orders.read@S3"}, {"orders.read", "orders.read@S1", "orders.read@S2"}, ["orders.read"]),
        (set(), set(), []),
    ],
)
def test_nobody_hands_out_more_than_they_hold(wanted: set[str], mine: set[str], too_much: list[str]) -> None:
    assert rules.beyond(frozenset(wanted), frozenset(mine)) == too_much


_GRANTS = st.lists(
    st.builds(Grant, st.sampled_from(sorted(ROLES)), st.lists(st.sampled_from(["S1", "S2", "S3"]), max_size=3, unique=True).map(tuple)),
    max_size=4,
)


@given(_GRANTS, _GRANTS)
def test_what_may_be_handed_out_never_adds_a_right(mine: list[Grant], wanted: list[Grant]) -> None:
    own, other = rules.held(mine, ROLES), rules.held(wanted, ROLES)
    if rules.beyond(other, own):
        return
    for name in registry.PERMISSIONS:
        for store in ("S1", "S2", "S3", "S4"):
            theirs, ours = rules.stores_of(other, name), rules.stores_of(own, name)
            if theirs is None or store in theirs:
                assert ours is None or store in ours


@given(_GRANTS)
def test_everybody_may_hand_out_exactly_what_they_hold(grants: list[Grant]) -> None:
    mine = rules.held(grants, ROLES)
    assert rules.beyond(mine, mine) == []


def test_an_unknown_permission_is_named_with_its_place() -> None:
    with pytest.raises(Problem) as refused:
        rules.known_permissions("scopes", ["orders.read", "orders.reed"])
    expected = "one of " + ", ".join(sorted(registry.PERMISSIONS))
    assert [(f.field, f.value, f.expected) for f in refused.value.faults] == [("scopes[1]", "orders.reed", expected)]


@pytest.mark.parametrize("name", ["*", "orders.read@S1", ""])
def test_a_made_up_permission_is_refused(name: str) -> None:
    with pytest.raises(Problem) as refused:
        rules.known_permissions("permissions", [name])
    assert [(f.field, f.value) for f in refused.value.faults] == [("permissions[0]", name)]


def test_no_permission_at_all_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        rules.known_permissions("permissions", [])
    assert [(f.field, f.value, f.expected) for f in refused.value.faults] == [("permissions", "[]", "at least one permission")]


@pytest.mark.parametrize("name", ["approvals.decide", "keys.manage", "operators.manage"])
def test_a_key_never_holds_what_only_people_do(name: str) -> None:
    assert rules.known_permissions("scopes", [name]) == {name}
    with pytest.raises(Problem):
        rules.known_permissions("scopes", [name], for_key=True)


def test_grants_are_put_in_order() -> None:
    given_ = [Grant("clerk", ("S2", " S1", "S2")), Grant("analyst")]
    assert rules.check_grants(given_, ROLES) == (Grant("analyst"), Grant("clerk", ("S1", "S2")))


_EXISTING = "one of admin, analyst, clerk, integration, operations, privacy, service"
_STORE = "1 to 100 characters, none of them a control character"


@pytest.mark.parametrize(
    ("grants", "field", "value", "expected"),
    [
        ([Grant("clerk"), Grant("clark")], "grants[1].role", "clark", _EXISTING),
        ([Grant("clerk"), Grant("clerk", ("S1",))], "grants[1].role", "clerk", "each role once; put all its stores into one grant"),
        ([Grant("clerk", ("S1", ""))], "grants[0].stores[1]", "", _STORE),
        ([Grant("clerk", ("S" * 101,))], "grants[0].stores[0]", "S" * 101, _STORE),
    ],
)
def test_a_wrong_grant_is_named_with_its_place(grants: list[Grant], field: str, value: str, expected: str) -> None:
    with pytest.raises(Problem) as refused:
        rules.check_grants(grants, ROLES)
    assert [(f.field, f.value, f.expected) for f in refused.value.faults] == [(field, value, expected)]


def test_a_store_code_of_a_hundred_characters_is_taken() -> None:
    assert rules.check_stores("stores", ["S" * 100]) == ("S" * 100,)


def test_every_built_in_role_is_made_of_known_permissions() -> None:
    for role in registry.BUILT_IN.values():
        assert role.permissions - {"*"} <= registry.PERMISSIONS.keys()
        assert role.built_in
    assert sorted(registry.BUILT_IN) == ["admin", "analyst", "clerk", "integration", "operations", "privacy", "service"]


def test_the_integration_role_can_be_given_to_a_key() -> None:
    names = sorted(registry.BUILT_IN["integration"].permissions)
    assert rules.known_permissions("scopes", names, for_key=True) == set(names)


# Signing in


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("testclient", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_is_counted_by_what_one_subscriber_owns(address: str, counted: str) -> None:
    assert rules.network(address) == counted


def test_the_attempt_after_the_last_allowed_one_is_locked_out_until_the_window_ends() -> None:
    window = timedelta(minutes=15)
    assert rules.locked_until(10, NOW, limit=10, window=window) is None
    assert rules.locked_until(11, NOW, limit=10, window=window) == NOW + window


def test_a_session_ends_with_its_time_or_after_the_idle_time() -> None:
    someone = model.Operator(
        operator_id=model.OperatorId(UUID(int=1)),
        login="li",
        name="Li",
        state=model.OperatorState.active,
        must_change=False,
        grants=(),
        created_at=NOW,
    )
    session = model.Session(operator=someone, opened_at=NOW, seen_at=NOW, expires_at=NOW + timedelta(hours=12), permissions=frozenset())
    idle, policy = timedelta(hours=2), model.Policy(session_idle=timedelta(hours=2))
    tick = timedelta(microseconds=1)
    assert not rules.session_ended(session, now=NOW + idle - tick, policy=policy)
    assert rules.session_ended(session, now=NOW + idle, policy=policy)
    used = replace(session, seen_at=NOW + timedelta(hours=11, minutes=59))
    assert not rules.session_ended(used, now=NOW + timedelta(hours=12) - tick, policy=policy)
    assert rules.session_ended(used, now=NOW + timedelta(hours=12), policy=policy)


# Approvals

_ANN, _BEN = (ids.encode("opr", UUID(int=n)) for n in (1, 2))
_PENDING = Approval(
    approval_id=ApprovalId(UUID(int=9)),
    kind="points.adjust",
    payload={"points": 500},
    asked_by=_ANN,
    asked_for=_ANN,
    asked_at=NOW,
    reason="Goodwill",
    state=ApprovalState.pending,
    expires_at=NOW + timedelta(days=7),
)


def test_a_request_waits_until_the_moment_it_expires() -> None:
    end = _PENDING.expires_at
    assert rules.state_at(_PENDING, end - timedelta(microseconds=1)) is ApprovalState.pending
    assert rules.state_at(_PENDING, end) is ApprovalState.expired
    assert rules.state_at(replace(_PENDING, state=ApprovalState.executed), end) is ApprovalState.executed
    rules.check_pending(_PENDING, NOW, shown="apr_x")
    with pytest.raises(Problem) as refused:
        rules.check_pending(_PENDING, end, shown="apr_x")
    assert (refused.value.code, refused.value.fields) == ("approvals.settled", {"approval": "apr_x", "state": "expired"})


@pytest.mark.parametrize(
    ("kind", "actor", "asked_by", "code"),
    [
        ("operator", _BEN, _ANN, None),
        ("operator", _ANN, _ANN, "approvals.own_request"),
        ("operator", _ANN, "key_1", "approvals.own_request"),
        ("api_key", "key_1", "key_2", "operators.only_people"),
        ("system", "system", _ANN, "operators.only_people"),
        ("operator", "key_1", _BEN, "operators.only_people"),
    ],
)
def test_a_request_is_decided_by_another_person(kind: str, actor: str, asked_by: str, code: str | None) -> None:
    request = replace(_PENDING, asked_by=asked_by)
    if code is None:
        rules.check_decider(request, actor_kind=kind, actor_id=actor)
        return
    with pytest.raises(Problem) as refused:
        rules.check_decider(request, actor_kind=kind, actor_id=actor)
    assert refused.value.code == code
