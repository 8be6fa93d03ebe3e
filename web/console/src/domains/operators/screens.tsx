import { AuditOutlined, FileProtectOutlined, IdcardOutlined, KeyOutlined } from "@ant-design/icons";
import type { Screen } from "@regulars/shared/desk/screens";

export const screens: Screen[] = [
  {
    path: "approvals",
    title: "operators:approvals.title",
    permission: "approvals.read",
    load: () => import("./ApprovalsPage"),
    nav: { group: "operate", order: 520, icon: <AuditOutlined />, goTo: "v" },
  },
  // Whoever asked may see their own request without further permission.
  { path: "approvals/:approval", title: "operators:approval.title", load: () => import("./ApprovalPage") },
  {
    path: "operators",
    title: "operators:people.title",
    permission: "operators.manage",
    load: () => import("./OperatorsPage"),
    nav: { group: "operate", order: 530, icon: <IdcardOutlined />, goTo: "o" },
  },
  {
    path: "operators/:operator",
    title: "operators:person.title",
    permission: "operators.manage",
    load: () => import("./OperatorPage"),
  },
  {
    path: "api-keys",
    title: "operators:keys.title",
    permission: "keys.manage",
    load: () => import("./KeysPage"),
    nav: { group: "operate", order: 540, icon: <KeyOutlined />, goTo: "k" },
  },
  {
    path: "audit",
    title: "operators:audit.title",
    permission: "audit.read",
    load: () => import("./AuditPage"),
    nav: { group: "operate", order: 550, icon: <FileProtectOutlined />, goTo: "a" },
  },
];
