import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import type { Path, Plan } from "../tiers/reading";
import { Clause } from "./Clause";
import { ConditionPart } from "./ConditionPart";
import { DaySlot } from "./DaySlot";
import type { Item } from "./item";
import { NumberSlot } from "./NumberSlot";
import { type Option, PickSlot } from "./PickSlot";
import { ACTS } from "./rules";
import { Sentence } from "./Sentence";
import { TextSlot } from "./TextSlot";

const PERIODS = ["day", "week", "month", "quarter", "year", "lifetime"] as const;
const ROUNDS = ["day", "month", "quarter", "year"] as const;
/** Terms that are a single number, in the order a member asks. */
const NUMBERS = [["validity", "days"], ["validity", "months"], ["stock"], ["transfers"]] as const;

type Props = { item: Item; plan: Plan };

/** From when, until when, how often, how many, and how members come by a coupon. */
export function CouponTerms({ item, plan }: Props) {
  const { t } = useTranslation("sentences");
  const { currency } = plan;
  const money = (path: Path, label: string) => (
    <NumberSlot item={item} path={path} label={label} scale="money" currency={currency} />
  );
  const days = ["from", "until"] as const;
  return (
    <>
      <Clause item={item} path={["min_spend"]} away={t("coupon.away.min_spend")}>
        <Sentence
          text={t("coupon.minSpend")}
          slots={{ least: money(["min_spend"], t("coupon.least")), of: <SpentOn item={item} /> }}
        />
      </Clause>
      {NUMBERS.map((path) => (
        <Numbered key={path.join(".")} item={item} path={path} />
      ))}
      {days.map((key) => (
        <Clause key={key} item={item} path={["validity", key]} away={t(`coupon.away.${key}`)}>
          <Sentence
            text={t(`coupon.day.${key}`)}
            slots={{ day: <DaySlot item={item} path={["validity", key]} label={t(`coupon.label.${key}`)} /> }}
          />
        </Clause>
      ))}
      <Often item={item} at={["limit"]} />
      <Clause item={item} path={["budget", "total"]} away={t("coupon.away.budget")}>
        <Sentence text={t("coupon.budget")} slots={{ total: money(["budget", "total"], t("coupon.label.budget")) }} />
      </Clause>
      <Beside item={item} />
      <Got item={item} plan={plan} />
    </>
  );
}

function Numbered({ item, path }: { item: Item; path: Path }) {
  const { t } = useTranslation("sentences");
  const key = String(path.at(-1));
  const number = <NumberSlot item={item} path={path} label={t(`coupon.label.${key}`)} />;
  return (
    <Clause item={item} path={path} away={t(`coupon.away.${key}`)}>
      <Sentence text={t(`coupon.number.${key}`)} slots={{ number }} />
      {key === "days" || key === "months" ? <Rounded item={item} /> : null}
    </Clause>
  );
}

function SpentOn({ item }: { item: Item }) {
  const { t } = useTranslation("sentences");
  const options = ["scope", "order"].map((value) => ({ value, label: t(`coupon.spentOn.${value}`) }));
  return <PickSlot item={item} path={["min_spend_on"]} label={t("coupon.of")} fallback="scope" options={options} />;
}

function Rounded({ item }: { item: Item }) {
  const { t } = useTranslation("sentences");
  const options: Option[] = [
    { value: undefined, label: t("coupon.round.none") },
    ...ROUNDS.map((value) => ({ value, label: t(`coupon.round.${value}`) })),
  ];
  return (
    <>
      {" "}
      <PickSlot item={item} path={["validity", "round_to"]} label={t("coupon.label.round")} options={options} />
    </>
  );
}

function Often({ item, at }: { item: Item; at: Path }) {
  const { t } = useTranslation("sentences");
  const key = at.length > 1 ? "claimLimit" : "limit";
  const times = <NumberSlot item={item} path={[...at, "times"]} label={t(`coupon.label.${key}`)} />;
  const options = PERIODS.map((value) => ({ value, label: t(`per.${value}`) }));
  const per = <PickSlot item={item} path={[...at, "per"]} label={t("coupon.label.per")} options={options} />;
  return (
    <Clause item={item} path={at} away={t(`coupon.away.${key}`)}>
      <Sentence text={t(`coupon.${key}`)} slots={{ times, per }} />
    </Clause>
  );
}

function Beside({ item }: { item: Item }) {
  const { t } = useTranslation("sentences");
  return (
    <>
      <Clause item={item} path={["exclusive"]} away={t("coupon.away.exclusive")}>
        {t("coupon.exclusive")}
      </Clause>
      {item.value(["lane"]) !== undefined && (
        <>
          {t("rule.and")}
          <Sentence
            text={t("coupon.lane")}
            slots={{ lane: <TextSlot item={item} path={["lane"]} label={t("coupon.label.lane")} most={40} /> }}
          />
        </>
      )}
    </>
  );
}

function Got({ item, plan }: Props) {
  const { t } = useTranslation("sentences");
  const units = Object.entries(plan.units).map(([value, label]) => ({ value, label: said(label) || value }));
  const amount = <NumberSlot item={item} path={["claim", "price", "amount"]} label={t("coupon.label.price")} />;
  const unit = <PickSlot item={item} path={["claim", "price", "unit"]} label={t("rule.unit")} options={units} />;
  const acts = ACTS.map((value) => ({ value, label: t(`on.${value}`) }));
  const act = <PickSlot item={item} path={["given_on"]} label={t("coupon.label.given_on")} options={acts} />;
  const refund = ["return", "never"].map((value) => ({ value, label: t(`coupon.refund.${value}`) }));
  return (
    <>
      <Clause item={item} path={["claim"]} away={t("coupon.away.claim")}>
        {t("coupon.claim")} <ConditionPart item={item} root={["claim", "when"]} plan={plan} about="member" last />
      </Clause>
      <Often item={item} at={["claim", "limit"]} />
      <Clause item={item} path={["claim", "price"]} away={t("coupon.away.price")}>
        <Sentence text={t("coupon.price")} slots={{ amount, unit }} />
      </Clause>
      <Clause item={item} path={["given_on"]} away={t("coupon.away.given_on")}>
        <Sentence text={t("coupon.givenOn")} slots={{ act }} />
      </Clause>
      {t("rule.and")}
      <PickSlot
        item={item}
        path={["on_refund"]}
        label={t("coupon.label.on_refund")}
        fallback="return"
        options={refund}
      />
      <Numbered item={item} path={["grace_days"]} />
      <Clause item={item} path={["incentive"]} away={t("remove.incentive")}>
        {t("rule.incentive")}
      </Clause>
      {t("rule.end")}
    </>
  );
}
