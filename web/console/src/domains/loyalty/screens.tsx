import { CalculatorOutlined, ReadOutlined } from "@ant-design/icons";
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
];
