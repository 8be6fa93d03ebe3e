import { AccountBookOutlined, CalculatorOutlined, GiftOutlined, ReadOutlined } from "@ant-design/icons";
import type { Screen } from "@regulars/shared/desk/screens";

export const screens: Screen[] = [
  {
    path: "programme",
    title: "programme:page.title",
    permission: "programme.read",
    load: () => import("./ProgrammePage"),
    nav: { group: "programme", order: 300, icon: <ReadOutlined />, goTo: "p" },
  },
  {
    path: "try-order",
    title: "programme:try.title",
    permission: "programme.read",
    load: () => import("./TryPage"),
    nav: { group: "programme", order: 310, icon: <CalculatorOutlined />, goTo: "t" },
  },
  {
    path: "goods",
    title: "goods:page.title",
    permission: "coupons.read",
    load: () => import("./goods/GoodsPage"),
    nav: { group: "programme", order: 330, icon: <GiftOutlined />, goTo: "c" },
  },
  {
    path: "ledger",
    title: "ledger:page.title",
    permission: "points.read",
    load: () => import("./ledger/LedgerPage"),
    nav: { group: "programme", order: 340, icon: <AccountBookOutlined />, goTo: "l" },
  },
];
