import type { Screen } from "../../app/screens";

export const screens: Screen[] = [
  { path: "coupons", title: "coupons:title", load: () => import("./CouponsPage") },
  { path: "coupons/claim", title: "coupons:claim.title", load: () => import("./ClaimPage") },
];
