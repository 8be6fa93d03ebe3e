"""What can be refused here, in both languages."""

from regulars.kernel import problem
from regulars.kernel.problem import Kind

UNKNOWN_CALLER = problem.define(
    "operators.unknown_caller",
    Kind.unauthenticated,
    en="Nobody is signed in: send an API key (Authorization: Bearer rk_…) or sign in. A key or session that ended is not accepted.",
    zh="未登录：请提供 API 密钥（Authorization: Bearer rk_…）或先登录。已失效的密钥或会话不被接受。",
)
CSRF = problem.define(
    "operators.csrf",
    Kind.forbidden,
    en="A change made with a session cookie needs the header X-CSRF-Token; its value is the csrf_token of GET /v1/session.",
    zh="使用会话 Cookie 进行修改时需要请求头 X-CSRF-Token，其值为 GET /v1/session 返回的 csrf_token。",
)
WRONG_PASSWORD = problem.define(
    "operators.wrong_password",
    Kind.unauthenticated,
    en="The login or the password is wrong.",
    zh="登录名或密码错误。",
)
LOCKED_OUT = problem.define(
    "operators.locked_out",
    Kind.limit,
    en="Too many failed sign-ins. Try again after {retry_at}.",
    zh="登录失败次数过多，请在 {retry_at} 之后重试。",
)
LOGIN_TAKEN = problem.define(
    "operators.login_taken",
    Kind.conflict,
    en="The login {login} is taken.",
    zh="登录名 {login} 已被使用。",
)
BEYOND_OWN = problem.define(
    "operators.beyond_own",
    Kind.forbidden,
    en="You cannot give, take or manage rights you do not hold yourself: {permissions}.",
    zh="不能授予、收回或管理您自己没有的权限：{permissions}。",
)
LAST_ADMIN = problem.define(
    "operators.last_admin",
    Kind.conflict,
    en="{login} is the last active administrator. Make somebody else one first.",
    zh="{login} 是最后一位有效的管理员，请先指定另一位管理员。",
)
NOT_YOURSELF = problem.define(
    "operators.not_yourself",
    Kind.conflict,
    en="You cannot do this to your own account. Ask another administrator.",
    zh="不能对自己的账号执行此操作，请联系另一位管理员。",
)
ROLE_BUILT_IN = problem.define(
    "operators.role_built_in",
    Kind.conflict,
    en="The role {role} is built in and cannot be changed. Make a role of your own.",
    zh="角色 {role} 为内置角色，不能修改，请新建自定义角色。",
)
ROLE_IN_USE = problem.define(
    "operators.role_in_use",
    Kind.conflict,
    en="The role {role} is still granted to {count} operators. Take it from them first.",
    zh="角色 {role} 仍授予 {count} 位操作员，请先收回。",
)
ONLY_PEOPLE = problem.define(
    "operators.only_people",
    Kind.forbidden,
    en="Only a signed-in person may do this; a key or a job may not.",
    zh="此操作只能由已登录的人员执行，密钥或任务不可执行。",
)
OWN_REQUEST = problem.define(
    "approvals.own_request",
    Kind.forbidden,
    en="A request is decided by somebody other than the person who asked.",
    zh="审批须由申请人以外的人决定。",
)
NOT_ASKER = problem.define(
    "approvals.not_asker",
    Kind.forbidden,
    en="Only the person who asked may withdraw a request.",
    zh="只有申请人可以撤回申请。",
)
SETTLED = problem.define(
    "approvals.settled",
    Kind.conflict,
    en="The request {approval} is already {state}. Nothing was changed.",
    zh="申请 {approval} 已处于状态 {state}，未做任何修改。",
)
ASKER_LOST_RIGHT = problem.define(
    "approvals.asker_lost_right",
    Kind.conflict,
    en="The person who asked no longer holds the permission {permission}. Refuse the request.",
    zh="申请人已不再拥有权限 {permission}，请拒绝该申请。",
)
NOT_EXECUTABLE = problem.define(
    "approvals.not_executable",
    Kind.conflict,
    en="This release does not know how to execute {kind}. Refuse the request and ask again.",
    zh="当前版本无法执行 {kind}，请拒绝该申请并重新提交。",
)
