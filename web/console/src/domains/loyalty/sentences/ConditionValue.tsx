import { useTranslation } from "react-i18next";
import type { Path } from "../tiers/reading";
import { shown, understood } from "./amounts";
import type { Attribute } from "./attributes";
import { shapeOf } from "./conditions";
import { DaySlot } from "./DaySlot";
import type { Item } from "./item";
import { NumberSlot } from "./NumberSlot";
import { PickSlot } from "./PickSlot";
import { Sentence } from "./Sentence";
import { TextSlot } from "./TextSlot";
import { TicksSlot } from "./TicksSlot";
import { WordsSlot } from "./WordsSlot";

type Props = { item: Item; at: Path; attribute: Attribute; operator: string; currency: string };

/** What a comparison compares with: one value, several, or a lower and an upper one. */
export function ConditionValue({ item, at, attribute, operator, currency }: Props) {
  const { t } = useTranslation("sentences");
  const path = [...at, "value"];
  const one = { item, attribute, currency };
  switch (shapeOf(operator)) {
    case "none":
      return null;
    case "pair":
      return (
        <Sentence
          text={t("condition.between")}
          slots={{
            low: <One {...one} path={[...path, 0]} label={t("condition.low")} />,
            high: <One {...one} path={[...path, 1]} label={t("condition.high")} />,
          }}
        />
      );
    case "many":
      return <Many {...one} path={path} label={t("condition.values")} />;
    case "one":
      return <One {...one} path={path} label={t("condition.value")} />;
  }
}

type OneProps = { item: Item; path: Path; label: string; attribute: Attribute; currency: string };

function One({ item, path, label, attribute, currency }: OneProps) {
  const { t } = useTranslation("sentences");
  const { kind, choices } = attribute;
  if (choices) {
    return <PickSlot item={item} path={path} label={label} options={choices} />;
  }
  switch (kind) {
    case "boolean": {
      const options = [
        { value: true, label: t("condition.yes") },
        { value: false, label: t("condition.no") },
      ];
      return <PickSlot item={item} path={path} label={label} options={options} />;
    }
    case "money":
      return <NumberSlot item={item} path={path} label={label} scale="money" currency={currency} />;
    case "integer":
      return <NumberSlot item={item} path={path} label={label} />;
    case "date":
      return <DaySlot item={item} path={path} label={label} />;
    case "text":
    case "choice":
      return <TextSlot item={item} path={path} label={label} />;
  }
}

function Many({ item, path, label, attribute, currency }: OneProps) {
  const { kind, choices } = attribute;
  if (choices) {
    return <TicksSlot item={item} path={path} label={label} options={choices} />;
  }
  if (kind === "money" || kind === "integer") {
    const scale = kind === "money" ? "money" : "count";
    return (
      <WordsSlot
        item={item}
        path={path}
        label={label}
        show={(value) => shown(value, scale, currency)}
        read={(typed) => understood(typed, scale, currency)}
      />
    );
  }
  return <WordsSlot item={item} path={path} label={label} />;
}
