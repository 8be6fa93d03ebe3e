import { ImportOutlined } from "@ant-design/icons";
import type { Screen } from "@regulars/shared/desk/screens";

export const screens: Screen[] = [
  {
    path: "imports",
    title: "orders:list.title",
    permission: "imports.read",
    load: () => import("./ImportsPage"),
    nav: { group: "data", order: 400, icon: <ImportOutlined />, goTo: "i" },
  },
  {
    path: "imports/new",
    title: "orders:new.title",
    permission: "imports.run",
    load: () => import("./NewImportPage"),
  },
  {
    path: "imports/:run",
    title: "orders:one.title",
    permission: "imports.read",
    load: () => import("./ImportPage"),
  },
  {
    path: "imports/:run/quarantine",
    title: "orders:quarantine.title",
    permission: "imports.read",
    load: () => import("./QuarantinePage"),
  },
];
