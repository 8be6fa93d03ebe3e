import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { Field } from "../tiers/Field";
import type { Path } from "../tiers/reading";
import { faultsId, fieldOf, type Item } from "./item";

type Props = { item: Item; fresh: boolean; onFocus: () => void };

/** What an item is called in both languages; and, as long as no version has it, by which id it is known for ever. */
export function ItemNames({ item, fresh, onFocus }: Props) {
  const { t } = useTranslation("sentences");
  const input = (path: Path, most: number, lang?: string) => {
    const at = fieldOf([...item.at, ...path]);
    const wrong = item.wrong(path);
    return (
      <Input
        id={at}
        data-at={at}
        lang={lang}
        maxLength={most}
        value={item.text(path)}
        status={wrong ? "error" : ""}
        aria-invalid={wrong}
        aria-describedby={wrong ? faultsId(item) : undefined}
        onFocus={onFocus}
        onChange={(event) => item.put(path, event.target.value)}
      />
    );
  };
  const id = (path: Path) => fieldOf([...item.at, ...path]);
  return (
    <div className="sentences-names">
      <Field id={id(["label", "zh"])} label={t("names.zh")}>
        {input(["label", "zh"], 80, "zh-CN")}
      </Field>
      <Field id={id(["label", "en"])} label={t("names.en")}>
        {input(["label", "en"], 80, "en")}
      </Field>
      {fresh && (
        <Field id={id(["id"])} label={t("names.id")}>
          {input(["id"], 40)}
        </Field>
      )}
    </div>
  );
}
