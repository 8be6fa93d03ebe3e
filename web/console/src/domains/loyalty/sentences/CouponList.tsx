import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Path, Plan } from "../tiers/reading";
import type { Table } from "../tiers/useTable";
import { AsText } from "./AsText";
import { AddClause } from "./Clause";
import { AddCondition, ConditionPart } from "./ConditionPart";
import { CouponTerms } from "./CouponTerms";
import { AddStep, CouponWorth } from "./CouponWorth";
import { begunCoupon, unsaid, WORTHS, worthOf } from "./coupons";
import { ItemCard } from "./ItemCard";
import { ItemList } from "./ItemList";
import { inline } from "./inline";
import { fieldOf, freeId, type Item, itemOf } from "./item";
import { PartButton } from "./PartButton";
import { isRaw, listAt, textAt } from "./raw";
import { useItems } from "./useItems";

type Props = { table: Table; plan: Plan; before: readonly unknown[] };

/** The coupons, each as a sentence; `before` are those of the version that the changes began with. */
export function CouponList({ table, plan, before }: Props) {
  const { t } = useTranslation("sentences");
  const items = useItems(table, "coupons");
  const lane = textAt(listAt(items.whole, ["coupon_lanes"])[0], ["id"]) || undefined;
  return (
    <ItemList
      list="coupons"
      title={t("coupon.title")}
      none={t("coupon.none")}
      items={items}
      adder={WORTHS.map((worth) => (
        <PartButton
          key={worth}
          at={worth}
          label={t(`coupon.add.${worth}`)}
          onClick={() => items.add(begunCoupon(worth, freeId("coupon-1", items.items), lane))}
        />
      ))}
    >
      {(given, index) => {
        const item = itemOf(table, "coupons", index, given);
        const worth = worthOf(given);
        const first = before.find((one) => textAt(one, ["id"]) === item.text(["id"]));
        return (
          <ItemCard
            key={index}
            item={item}
            items={items}
            fresh={first === undefined}
            more={worth && <AddToCoupon item={item} plan={plan} />}
          >
            {worth ? (
              <>
                <div className="sentence">
                  <CouponWorth item={item} worth={worth} currency={plan.currency} />
                  {item.value(["when"]) !== undefined && t("rule.and")}
                  <ConditionPart item={item} root={["when"]} plan={plan} about="order" last />
                  <CouponTerms item={item} plan={plan} />
                </div>
                <Rest item={item} />
              </>
            ) : (
              <AsText item={item} unchanged={JSON.stringify(first) === JSON.stringify(given)} />
            )}
          </ItemCard>
        );
      }}
    </ItemList>
  );
}

/** What the sentence leaves out, as it is written. */
function Rest({ item }: { item: Item }) {
  const { t } = useTranslation("sentences");
  const rest = Object.entries(unsaid(item.raw));
  if (rest.length === 0) {
    return null;
  }
  const version = item.table.began?.version ?? 0;
  return (
    <p className="quiet sentences-rest">
      {t("asText.also")} <code>{rest.map(([key, value]) => `${key}: ${inline(value)}`).join("; ")}</code>{" "}
      <Link to={`?tab=document&base=${version}&at=${encodeURIComponent(fieldOf(item.at))}`}>{t("asText.edit")}</Link>
    </p>
  );
}

type Term = { path: Path; value: unknown; focus?: Path };

const TERMS: readonly Term[] = [
  { path: ["max_discount"], value: 2_000 },
  { path: ["min_spend"], value: 5_000 },
  { path: ["validity", "days"], value: 30 },
  { path: ["validity", "until"], value: "" },
  { path: ["limit"], value: { times: 1, per: "month" }, focus: ["limit", "times"] },
  { path: ["stock"], value: 1_000 },
  { path: ["budget", "total"], value: 100_000 },
  { path: ["claim"], value: { limit: { times: 1, per: "lifetime" } }, focus: ["claim", "limit", "times"] },
  { path: ["given_on"], value: "birthday" },
  { path: ["transfers"], value: 1 },
  { path: ["exclusive"], value: true },
  { path: ["incentive"], value: true },
];

function AddToCoupon({ item, plan }: { item: Item; plan: Plan }) {
  const { t } = useTranslation("sentences");
  const price = { unit: Object.keys(plan.units)[0] ?? "points", amount: 100 };
  const ofClaim: Term[] = [
    { path: ["claim", "limit"], value: { times: 1, per: "lifetime" }, focus: ["claim", "limit", "times"] },
    { path: ["claim", "price"], value: price, focus: ["claim", "price", "amount"] },
  ];
  const claimed = isRaw(item.value(["claim"]));
  const terms = [...TERMS, ...(claimed ? ofClaim : [])];
  return (
    <>
      <AddStep item={item} />
      <AddCondition item={item} root={["when"]} plan={plan} about="order" />
      {claimed && (
        <AddCondition
          item={item}
          root={["claim", "when"]}
          plan={plan}
          about="member"
          label={t("coupon.add.claim_when")}
        />
      )}
      {terms.map(({ path, value, focus }) => (
        <AddClause
          key={path.join(".")}
          item={item}
          path={path}
          label={t(`coupon.add.${path.join("_")}`)}
          value={value}
          {...(focus ? { focus } : {})}
        />
      ))}
    </>
  );
}
