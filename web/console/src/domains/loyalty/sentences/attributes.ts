import { currentLanguage } from "@regulars/shared/i18n/language";
import { said } from "@regulars/shared/session/plan";
import type { Plan } from "../tiers/reading";

export type Kind = "boolean" | "integer" | "money" | "text" | "choice" | "date";
export type Choice = { value: string | number | boolean; label: string };
/** What conditions may read. `choices` closes what it can be; `ladder` is whose level it is, of a ladder beside the main one. */
export type Attribute = { name: string; kind: Kind; choices?: Choice[]; ladder?: string };

/** Everything that is known of an order, its line, the member, the time, and an act; the same as the server's list. */
export const KINDS: Readonly<Record<string, Kind>> = {
  "order.total": "money",
  "order.source": "text",
  "order.store": "text",
  "order.channel": "text",
  "order.lines": "integer",
  "line.product": "text",
  "line.category": "text",
  "line.amount": "money",
  "line.quantity": "integer",
  "member.tier": "choice",
  "member.orders": "integer",
  "member.spend": "money",
  "member.first_order": "boolean",
  "member.days_since_joined": "integer",
  "time.weekday": "integer",
  "time.hour": "integer",
  "time.date": "date",
  "time.month": "integer",
  "time.day_of_month": "integer",
  "act.value": "integer",
  "act.about": "text",
};
const TIER = "member.tier";
const ORDER = ["order", "line"];

/** What a condition is about: an order and its lines, an act, or only the member and the time. */
export type About = "order" | "act" | "member";

/** The attributes that a condition about this may read, in the order of the server's list. */
export function attributesOf(plan: Plan, about: About): Attribute[] {
  const hidden = about === "order" ? ["act"] : about === "act" ? ORDER : [...ORDER, "act"];
  return Object.keys(KINDS)
    .flatMap((name) => (name === TIER ? tiers(plan) : [attribute(name)]))
    .filter((one) => !hidden.includes(groupOf(one.name)));
}

/** The first part of its name: what it is known of. */
export const groupOf = (name: string) => name.slice(0, name.indexOf("."));

function tiers(plan: Plan): Attribute[] {
  return plan.ladders.map((ladder, place) => ({
    name: place === 0 ? TIER : `${TIER}.${ladder.id}`,
    kind: "choice",
    choices: ladder.levels.map((level) => ({ value: level.id, label: said(level.label) || level.id })),
    ...(place === 0 ? {} : { ladder: said(ladder.label) || ladder.id }),
  }));
}

function attribute(name: string): Attribute {
  const kind = KINDS[name] ?? "text";
  if (name === "time.weekday") {
    return { name, kind, choices: named(7, (at) => ({ day: new Date(Date.UTC(2024, 0, at)), part: "weekday" })) };
  }
  if (name === "time.month") {
    return { name, kind, choices: named(12, (at) => ({ day: new Date(Date.UTC(2024, at - 1, 1)), part: "month" })) };
  }
  return { name, kind };
}

/** Numbers from 1 that have names in every language: 1 January 2024 was a Monday. */
function named(count: number, of: (at: number) => { day: Date; part: "weekday" | "month" }): Choice[] {
  return Array.from({ length: count }, (_, place) => {
    const { day, part } = of(place + 1);
    const format = new Intl.DateTimeFormat(currentLanguage(), { [part]: "long", timeZone: "UTC" });
    return { value: place + 1, label: format.format(day) };
  });
}
