import type { Screen } from "../../app/screens";

export const screens: Screen[] = [{ path: "me/data", title: "privacy:title", load: () => import("./DataPage") }];
