import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Path } from "../tiers/reading";
import { focusSoon } from "./focusSoon";
import { fieldOf, type Item } from "./item";
import { PartButton } from "./PartButton";
import { TakeAway } from "./TakeAway";

type Props = { item: Item; path: Path; away: string; children: ReactNode };

/** A part of a sentence that can be taken out; nothing where the item has none. */
export function Clause({ item, path, away, children }: Props) {
  const { t } = useTranslation("sentences");
  const value = item.value(path);
  if (value === undefined || value === false) {
    return null;
  }
  return (
    <>
      {t("rule.and")}
      <span className="sentences-clause">
        {children}
        <TakeAway
          label={away}
          onClick={() => {
            item.put(path, undefined);
            focusSoon(`+${fieldOf([...item.at, ...path])}`);
          }}
        />
      </span>
    </>
  );
}

type AddProps = { item: Item; path: Path; label: string; value: unknown; focus?: Path };

/** Adds such a part; nothing where the item has it. */
export function AddClause({ item, path, label, value, focus = path }: AddProps) {
  const now = item.value(path);
  if (now !== undefined && now !== false) {
    return null;
  }
  return (
    <PartButton
      at={fieldOf([...item.at, ...path])}
      label={label}
      onClick={() => {
        item.put(path, value);
        focusSoon(fieldOf([...item.at, ...focus]));
      }}
    />
  );
}
