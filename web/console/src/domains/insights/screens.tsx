import { DashboardOutlined, RetweetOutlined } from "@ant-design/icons";
import type { Screen } from "@regulars/shared/desk/screens";

export const screens: Screen[] = [
  {
    path: "overview",
    title: "insights:overview.title",
    permission: "reports.read",
    load: () => import("./OverviewPage"),
    nav: { group: "insights", order: 100, icon: <DashboardOutlined />, goTo: "h" },
  },
  {
    path: "repurchase",
    title: "insights:repurchase.title",
    permission: "reports.read",
    load: () => import("./RepurchasePage"),
    nav: { group: "insights", order: 110, icon: <RetweetOutlined />, goTo: "r" },
  },
];
