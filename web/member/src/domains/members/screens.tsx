import type { Screen } from "../../app/screens";

export const screens: Screen[] = [
  { path: "sign-in", title: "members:signIn.title", open: true, load: () => import("./SignInPage") },
  { path: "card", title: "members:card.title", load: () => import("./CardPage") },
];
