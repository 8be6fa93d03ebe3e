import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { useStandings, type Version } from "./versions";

type Props = {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  versions: readonly Version[];
  /** Also offers the document that is not kept yet. */
  withDraft?: boolean;
  /** Also offers whatever is in force at the time in question. */
  withInForce?: boolean;
};

export const UNSAVED = "unsaved";
export const IN_FORCE = "";

/** Chooses a version by its number, or the unsaved document. */
export function VersionSelect({ id, label, value, onChange, versions, withDraft, withInForce }: Props) {
  const { t } = useTranslation("programme");
  const { of } = useStandings(versions);
  return (
    <label className="loyalty-field" htmlFor={id}>
      <span>{label}</span>
      <Select
        id={id}
        value={value}
        onChange={onChange}
        popupMatchSelectWidth={false}
        options={[
          ...(withInForce ? [{ value: IN_FORCE, label: t("version.atTheTime") }] : []),
          ...(withDraft ? [{ value: UNSAVED, label: t("version.unsaved") }] : []),
          ...versions.map((one) => ({
            value: String(one.version),
            label: t("version.option", { version: one.version, state: t(`state.${of(one.version)}`) }),
          })),
        ]}
      />
    </label>
  );
}
