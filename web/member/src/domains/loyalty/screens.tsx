import type { Screen } from "../../app/screens";
import { Icon } from "../../parts/Icon";
import "./loyalty.css";

export const screens: Screen[] = [
  {
    path: "card",
    title: "loyalty:card.title",
    load: () => import("./CardPage"),
    tab: { order: 1, icon: <Icon shape="card" /> },
  },
  {
    path: "points",
    title: "loyalty:points.title",
    load: () => import("./PointsPage"),
    tab: { order: 2, icon: <Icon shape="points" /> },
  },
  {
    path: "tiers",
    title: "loyalty:tiers.title",
    load: () => import("./TiersPage"),
    tab: { order: 3, icon: <Icon shape="tiers" /> },
  },
  {
    path: "orders",
    title: "loyalty:orders.title",
    load: () => import("./OrdersPage"),
    tab: { order: 4, icon: <Icon shape="orders" /> },
  },
  { path: "check-in", title: "loyalty:checkIn.title", load: () => import("./CheckInPage") },
];
