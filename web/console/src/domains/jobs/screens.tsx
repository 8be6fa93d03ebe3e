import { ScheduleOutlined } from "@ant-design/icons";
import type { Screen } from "@regulars/shared/desk/screens";

export const screens: Screen[] = [
  {
    path: "jobs",
    title: "jobs:list.title",
    permission: "jobs.read",
    load: () => import("./JobsPage"),
    nav: { group: "operate", order: 560, icon: <ScheduleOutlined />, goTo: "b" },
  },
  {
    path: "jobs/:job",
    title: "jobs:one.title",
    permission: "jobs.read",
    load: () => import("./JobPage"),
  },
];
