import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";

type Props = { left: number | null; of: number | null; show?: (value: number) => string };

/** What is left of a limit, and of how much; without a limit that there is none. Nearly used up is said in the colour of a warning. */
export function Left({ left, of, show = count }: Props) {
  const { t } = useTranslation("goods");
  if (left === null) {
    return <span className="quiet">{t("left.endless")}</span>;
  }
  const short = of !== null && of > 0 && left * 10 <= of;
  const text = of === null ? show(left) : t("left.of", { left: show(left), of: show(of) });
  return <span className={short ? "goods-short num" : "num"}>{text}</span>;
}
