import { parseDocument } from "yaml";

export type Path = readonly (string | number)[];
export type Label = { en: string; zh: string };

/** One rung as it stands in the document; `from` is null where that is no number. */
export type Level = { id: string; label: Label; from: number | null; floor: boolean; invited: boolean };

export type WindowKind = "lifetime" | "rolling" | "calendar" | "anniversary";
export type Window = { kind: WindowKind; months: number | null; days: number | null; period: string };
export type Keep = {
  months: number | null;
  roundTo: string;
  until: { month: number | null; day: number | null } | null;
};

/** A ladder of the document: where it is (`at`, and `field` as the check names it), and what it says with its defaults filled in. */
export type Ladder = {
  at: Path;
  field: string;
  id: string;
  label: Label;
  counts: string;
  unit: string;
  window: Window | null;
  keep: Keep;
  upgrade: string;
  downgrade: string;
  graceDays: number | null;
  noticeDays: number | null;
  onRefund: string;
  levels: Level[];
};

/** A benefit; no `tiers` is every tier. */
export type Benefit = {
  at: number;
  label: Label;
  tiers: string[];
  unitCost: number | null;
  quota: { times: number | null; per: string } | null;
  conditional: boolean;
};

/** What of a programme document ladders are about. */
export type Plan = { currency: string; units: Record<string, Label>; ladders: Ladder[]; benefits: Benefit[] };

type Raw = Record<string, unknown>;

const raw = (value: unknown): Raw => (typeof value === "object" && value !== null ? (value as Raw) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown, fallback = ""): string => (typeof value === "string" ? value : fallback);
const number = (value: unknown, fallback: number | null = null): number | null =>
  value === undefined ? fallback : typeof value === "number" ? value : null;
const label = (value: unknown): Label => ({ en: text(raw(value).en), zh: text(raw(value).zh) });

/** The ladders and benefits of a YAML text, as far as it goes; null where it cannot be read at all. */
export function readPlan(document: string): Plan | null {
  const parsed = parseDocument(document);
  if (parsed.errors.length > 0) {
    return null;
  }
  const whole = raw(parsed.toJS());
  return {
    currency: text(whole.currency),
    units: Object.fromEntries(Object.entries(raw(whole.units)).map(([id, unit]) => [id, label(raw(unit).label)])),
    ladders: [
      ladder(whole.ladder, ["ladder"], "ladder"),
      ...list(whole.ladders).map((one, place) => ladder(one, ["ladders", place], `ladders[${place}]`)),
    ],
    benefits: list(whole.benefits).map(benefit),
  };
}

function ladder(given: unknown, at: Path, field: string): Ladder {
  const one = raw(given);
  return {
    at,
    field,
    id: text(one.id, "main"),
    label: label(one.label),
    counts: text(one.counts, "unit"),
    unit: text(one.unit),
    window: one.window === undefined ? null : window(raw(one.window)),
    keep: keep(raw(one.keep)),
    upgrade: text(one.upgrade, "at_once"),
    downgrade: text(one.downgrade, "reassess"),
    graceDays: number(one.grace_days, 0),
    noticeDays: number(one.notice_days, 0),
    onRefund: text(one.on_refund, "at_review"),
    levels: list(one.levels).map((level) => rung(raw(level))),
  };
}

function rung(one: Raw): Level {
  return {
    id: text(one.id),
    label: label(one.label),
    from: number(one.from),
    floor: one.floor === true,
    invited: one.invited === true,
  };
}

function window(one: Raw): Window {
  return {
    kind: text(one.kind, "rolling") as WindowKind,
    months: number(one.months, 0),
    days: number(one.days, 0),
    period: text(one.period, "year"),
  };
}

function keep(one: Raw): Keep {
  const until = one.until === undefined ? null : raw(one.until);
  return {
    months: number(one.months, 12),
    roundTo: text(one.round_to),
    until: until && { month: number(until.month), day: number(until.day) },
  };
}

function benefit(given: unknown, at: number): Benefit {
  const one = raw(given);
  const quota = one.quota === undefined ? null : raw(one.quota);
  return {
    at,
    label: label(one.label),
    tiers: list(one.tiers).map((tier) => text(tier)),
    unitCost: number(one.unit_cost),
    quota: quota && { times: number(quota.times), per: text(quota.per) },
    conditional: one.when !== undefined,
  };
}
