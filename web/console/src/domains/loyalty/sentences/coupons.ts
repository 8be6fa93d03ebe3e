import { isRaw, type Raw, valueAt } from "./raw";

export const WORTHS = ["spend_off", "percent", "cash", "exchange", "free_delivery"] as const;
export type Worth = (typeof WORTHS)[number];

/** What the sentence has words for, by its place; of a part that is named with what is inside, only that. */
const SAID = [
  ["id"],
  ["label"],
  ...WORTHS.map((worth) => [worth]),
  ["max_discount"],
  ["when"],
  ["min_spend"],
  ["min_spend_on"],
  ["validity", "days"],
  ["validity", "months"],
  ["validity", "round_to"],
  ["validity", "from"],
  ["validity", "until"],
  ["lane"],
  ["exclusive"],
  ["limit"],
  ["stock"],
  ["budget", "total"],
  ["incentive"],
  ["claim", "when"],
  ["claim", "limit"],
  ["claim", "price"],
  ["given_on"],
  ["transfers"],
  ["on_refund"],
  ["grace_days"],
];

/** What a coupon is worth; null where the sentence has no words for it. */
export function worthOf(coupon: unknown): Worth | null {
  const given = isRaw(coupon) ? WORTHS.filter((worth) => worth in coupon) : [];
  const one = given.length === 1 ? given[0] : undefined;
  return one !== undefined && isRaw(valueAt(coupon, [one])) ? one : null;
}

/** What a coupon says beyond its sentence. */
export function unsaid(coupon: Raw): Raw {
  const said = (key: string) => SAID.filter((path) => path[0] === key);
  const entries = Object.entries(coupon).flatMap(([key, value]) => {
    const paths = said(key);
    if (paths.some((path) => path.length === 1)) {
      return [];
    }
    if (paths.length === 0 || !isRaw(value)) {
      return [[key, value] as const];
    }
    const rest = Object.entries(value).filter(([inner]) => !paths.some((path) => path[1] === inner));
    return rest.length > 0 ? [[key, Object.fromEntries(rest)] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** A coupon to begin with; its names are for whoever adds it to say. */
export function begunCoupon(worth: Worth, id: string, lane: string | undefined): Raw {
  const worths = {
    spend_off: { steps: [{ from: 10_000, less: 1_000 }] },
    percent: { rate_bp: 9_000 },
    cash: { face: 500 },
    exchange: { pick: "cheapest" },
    free_delivery: {},
  };
  return {
    id,
    label: { en: "", zh: "" },
    [worth]: worths[worth],
    ...(lane === undefined ? {} : { lane }),
    validity: { days: 30 },
  };
}
