import { TeamOutlined } from "@ant-design/icons";
import type { Screen } from "@regulars/shared/desk/screens";

export const screens: Screen[] = [
  {
    path: "members",
    title: "members:list.title",
    permission: "members.read",
    load: () => import("./MembersPage"),
    nav: { group: "members", order: 200, icon: <TeamOutlined />, goTo: "m" },
  },
  {
    path: "members/:member",
    title: "members:one.title",
    permission: "members.read",
    load: () => import("./MemberPage"),
  },
];
