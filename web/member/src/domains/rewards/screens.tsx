import type { Screen } from "../../app/screens";

export const screens: Screen[] = [
  { path: "mall", title: "rewards:title", load: () => import("./MallPage") },
  { path: "mall/orders", title: "rewards:orders.title", load: () => import("./RewardOrdersPage") },
  { path: "mall/orders/:order", title: "rewards:order.title", load: () => import("./RewardOrderPage") },
];
