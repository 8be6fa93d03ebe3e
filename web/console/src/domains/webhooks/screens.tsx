import { ApiOutlined } from "@ant-design/icons";
import type { Screen } from "@regulars/shared/desk/screens";

export const screens: Screen[] = [
  {
    path: "webhooks",
    title: "webhooks:list.title",
    permission: "webhooks.read",
    load: () => import("./WebhooksPage"),
    nav: { group: "operate", order: 545, icon: <ApiOutlined />, goTo: "w" },
  },
  {
    path: "webhooks/types",
    title: "webhooks:types.title",
    permission: "webhooks.read",
    load: () => import("./TypesPage"),
  },
  {
    path: "webhooks/:endpoint",
    title: "webhooks:one.title",
    permission: "webhooks.read",
    load: () => import("./WebhookPage"),
  },
];
