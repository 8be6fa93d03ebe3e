import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";

type Props = { value: number; most: number; onChange: (value: number) => void };

/** How many; nothing to choose where only one can be had. */
export function Quantity({ value, most, onChange }: Props) {
  const { t } = useTranslation("rewards");
  if (most <= 1) {
    return null;
  }
  return (
    <fieldset className="quantity">
      <legend>{t("sheet.quantity")}</legend>
      <Button kind="soft" aria-label={t("sheet.fewer")} disabled={value <= 1} onClick={() => onChange(value - 1)}>
        <Icon shape="minus" size={20} />
      </Button>
      <output className="num" aria-live="polite">
        {count(value)}
      </output>
      <Button kind="soft" aria-label={t("sheet.more")} disabled={value >= most} onClick={() => onChange(value + 1)}>
        <Icon shape="plus" size={20} />
      </Button>
    </fieldset>
  );
}
