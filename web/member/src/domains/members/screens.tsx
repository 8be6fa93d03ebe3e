import type { Screen } from "../../app/screens";
import { Icon } from "../../parts/Icon";
import "./members.css";

export const screens: Screen[] = [
  { path: "sign-in", title: "members:signIn.title", open: true, load: () => import("./SignInPage") },
  { path: "code", title: "members:code.title", open: true, load: () => import("./CodePage") },
  {
    path: "me",
    title: "members:me.title",
    load: () => import("./MePage"),
    tab: { order: 5, icon: <Icon shape="me" /> },
  },
  { path: "me/consents", title: "members:consents.title", load: () => import("./ConsentsPage") },
  { path: "me/devices", title: "members:devices.title", load: () => import("./DevicesPage") },
];
