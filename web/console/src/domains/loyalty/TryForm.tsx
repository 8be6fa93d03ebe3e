import { MemberPicker } from "@regulars/shared/desk/fields/MemberPicker";
import { programmeZone } from "@regulars/shared/format/dates";
import type { Plan } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { Button, Input, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MadeUpFields } from "./MadeUpFields";
import { OrderLines } from "./OrderLines";
import { complete, type Trial } from "./trial";

type Props = { first: Trial; plan: Plan; onTry: (trial: Trial) => void };

/** The order, its time, and who buys. */
export function TryForm({ first, plan, onTry }: Props) {
  const { t } = useTranslation("programme");
  const may = useMay();
  const [trial, setTrial] = useState(first);
  const change = (part: Partial<Trial>) => setTrial({ ...trial, ...part });
  return (
    <form
      className="loyalty-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete(trial)) {
          onTry(trial);
        }
      }}
    >
      <h2>{t("try.order")}</h2>
      <OrderLines lines={trial.lines} currency={plan.currency} onChange={(lines) => change({ lines })} />
      <label className="loyalty-field" htmlFor="try-at">
        <span>{t("try.at", { zone: programmeZone() })}</span>
        <Input
          id="try-at"
          type="datetime-local"
          value={trial.at}
          onChange={(event) => change({ at: event.target.value })}
        />
      </label>
      <h2>{t("try.who")}</h2>
      {may("members.read") && (
        <Segmented<Trial["who"]>
          aria-label={t("try.who")}
          value={trial.who}
          onChange={(who) => change({ who })}
          options={[
            { value: "madeUp", label: t("try.madeUp") },
            { value: "member", label: t("try.member") },
          ]}
        />
      )}
      {trial.who === "member" ? (
        <>
          <MemberPicker label={t("try.member")} value={trial.member} onChange={(member) => change({ member })} />
          <p className="quiet">{t("try.memberAsNow")}</p>
        </>
      ) : (
        <MadeUpFields value={trial.madeUp} plan={plan} onChange={(madeUp) => change({ madeUp })} />
      )}
      <div className="loyalty-actions">
        <Button type="primary" htmlType="submit" disabled={!complete(trial)}>
          {t("try.run")}
        </Button>
        {!complete(trial) && <span className="quiet">{t("try.incomplete")}</span>}
      </div>
    </form>
  );
}
