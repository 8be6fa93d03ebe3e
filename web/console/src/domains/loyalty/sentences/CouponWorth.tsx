import { currentLanguage } from "@regulars/shared/i18n/language";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { Clause } from "./Clause";
import type { Worth } from "./coupons";
import { focusSoon } from "./focusSoon";
import { fieldOf, type Item } from "./item";
import { NumberSlot } from "./NumberSlot";
import { PartButton } from "./PartButton";
import { PickSlot } from "./PickSlot";
import { isRaw, listAt } from "./raw";
import { Sentence } from "./Sentence";
import { TakeAway } from "./TakeAway";

type Props = { item: Item; worth: Worth; currency: string };

/** What a coupon takes off, or gives. */
export function CouponWorth({ item, worth, currency }: Props) {
  const { t } = useTranslation("sentences");
  const most = (
    <NumberSlot item={item} path={["max_discount"]} label={t("coupon.maxDiscount")} scale="money" currency={currency} />
  );
  return (
    <>
      <What item={item} worth={worth} currency={currency} />
      <Clause item={item} path={["max_discount"]} away={t("coupon.away.most")}>
        <Sentence text={t("coupon.most")} slots={{ most }} />
      </Clause>
    </>
  );
}

function What({ item, worth, currency }: Props) {
  const { t } = useTranslation("sentences");
  switch (worth) {
    case "spend_off":
      return <Steps item={item} currency={currency} />;
    case "percent": {
      // In Chinese one says what is left to pay: 8.5 of ten.
      const scale = currentLanguage() === "zh-CN" ? "tenths" : "off";
      const rate = <NumberSlot item={item} path={["percent", "rate_bp"]} label={t("coupon.rate")} scale={scale} />;
      return <Sentence text={t("coupon.percent")} slots={{ rate }} />;
    }
    case "cash": {
      const path = ["cash", "face"];
      const face = <NumberSlot item={item} path={path} label={t("coupon.face")} scale="money" currency={currency} />;
      return <Sentence text={t("coupon.cash")} slots={{ face }} />;
    }
    case "exchange":
      return <Exchange item={item} currency={currency} />;
    case "free_delivery":
      return <>{t("coupon.freeDelivery")}</>;
  }
}

function Exchange({ item, currency }: { item: Item; currency: string }) {
  const { t } = useTranslation("sentences");
  const options = ["cheapest", "dearest"].map((value) => ({ value, label: t(`coupon.pick.${value}`) }));
  const pick = (
    <PickSlot item={item} path={["exchange", "pick"]} label={t("coupon.which")} fallback="cheapest" options={options} />
  );
  const copay = (
    <NumberSlot
      item={item}
      path={["exchange", "copay"]}
      label={t("coupon.copay")}
      scale="money"
      currency={currency}
      fallback={0}
    />
  );
  return <Sentence text={t("coupon.exchange")} slots={{ pick, copay }} />;
}

const STEPS = ["spend_off", "steps"];
const MOST_STEPS = 20;

function Steps({ item, currency }: { item: Item; currency: string }) {
  const { t } = useTranslation("sentences");
  const at = STEPS;
  const steps = listAt(item.raw, at);
  const every = item.value(["spend_off", "every"]) === true;
  const amount = (place: number, key: "from" | "less") => (
    <NumberSlot item={item} path={[...at, place, key]} label={t(`coupon.${key}`)} scale="money" currency={currency} />
  );
  return (
    <>
      {steps.map((_step, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step has no other name than its place.
        <Fragment key={place}>
          {place > 0 && t("coupon.comma")}
          <Sentence
            text={every ? t("coupon.stepEvery") : t("coupon.step")}
            slots={{ from: amount(place, "from"), less: amount(place, "less") }}
          />
          {steps.length > 1 && (
            <TakeAway
              label={t("coupon.away.step")}
              onClick={() => {
                item.put([...at, place], undefined);
                focusSoon(`+${fieldOf([...item.at, ...at])}`);
              }}
            />
          )}
        </Fragment>
      ))}
    </>
  );
}

/** Takes off more from a higher amount on; nothing where the only step counts as often as it fits. */
export function AddStep({ item }: { item: Item }) {
  const { t } = useTranslation("sentences");
  const steps = listAt(item.raw, STEPS);
  const field = [...item.at, ...STEPS];
  if (steps.length === 0 || steps.length >= MOST_STEPS || item.value(["spend_off", "every"]) === true) {
    return null;
  }
  return (
    <PartButton
      at={fieldOf(field)}
      label={t("coupon.add.step")}
      onClick={() => {
        item.put([...STEPS, steps.length], further(steps.at(-1)));
        focusSoon(fieldOf([...field, steps.length, "from"]));
      }}
    />
  );
}

/** A step twice as far. */
function further(step: unknown): { from: number; less: number } {
  const of = (key: string) => (isRaw(step) && typeof step[key] === "number" ? step[key] * 2 : 1_000);
  return { from: of("from"), less: of("less") };
}
