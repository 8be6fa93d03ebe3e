import { answer, api, type Body } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { said } from "@regulars/shared/session/plan";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Wallet } from "../people";
import type { Act } from "./acts";
import { Field, Reason } from "./Fields";
import { afterDay, LastDay } from "./LastDay";
import { useUnits } from "./units";
import { useAct } from "./useAct";

type Wish = Body<"/v1/members/{member}/extensions", "post">;
type Faults = { until?: string; reason?: string };

/** Lets what would lapse before a day lapse then, as goodwill. What has lapsed stays lapsed. */
export function ExtendExpiry({ card, onClose, onDone }: Act) {
  const { t } = useTranslation("members");
  const { named } = useUnits();
  const member = card.person.id;
  const wallets = card.wallets.filter((one) => one.next_expiry !== null);
  const [typed, setTyped] = useState({ unit: wallets[0]?.unit ?? "", until: "", reason: "" });
  const [faults, setFaults] = useState<Faults>({});
  const wallet = wallets.find((one) => one.unit === typed.unit);
  const extending = useAct(
    (wish: Wish, key) =>
      answer(
        api.POST("/v1/members/{member}/extensions", {
          params: { path: { member }, header: { "Idempotency-Key": key } },
          body: wish,
        }),
      ),
    (done) => onDone(t("act.extend.done", { amount: named(typed.unit, done.points) })),
  );
  const change = (next: Partial<typeof typed>) => {
    setTyped({ ...typed, ...next });
    setFaults({});
    extending.reset();
  };
  const confirm = () => {
    const found: Faults = {
      ...(typed.until === "" ? { until: t("act.extend.missing") } : {}),
      ...(typed.reason.trim() === "" ? { reason: t("adjust.reasonMissing") } : {}),
    };
    setFaults(found);
    if (!found.until && !found.reason) {
      extending.mutate({ unit: typed.unit, until: afterDay(typed.until), reason: typed.reason.trim() });
    }
  };
  return (
    <ConfirmImpact
      open
      title={t("act.extend.title")}
      confirm={t("act.extend.confirm")}
      busy={extending.isPending}
      problem={extending.error ? fromThrown(extending.error) : null}
      onCancel={onClose}
      onConfirm={confirm}
    >
      <div className="members-form">
        {wallets.length > 1 && (
          <Field label={t("ledger.unit")}>
            {(id) => (
              <Select
                id={id}
                value={typed.unit}
                options={wallets.map((one) => ({ value: one.unit, label: said(one.label) }))}
                onChange={(unit: string) => change({ unit })}
              />
            )}
          </Field>
        )}
        <Field
          label={t("act.extend.until")}
          fault={faults.until}
          hint={
            wallet && typed.until
              ? t("act.extend.reaches", { amount: named(typed.unit, sooner(wallet, afterDay(typed.until))) })
              : t("act.extend.hint")
          }
        >
          {(id) => <LastDay id={id} value={typed.until} onChange={(until) => change({ until })} />}
        </Field>
        <Reason value={typed.reason} fault={faults.reason} onChange={(reason) => change({ reason })} />
      </div>
    </ConfirmImpact>
  );
}

/** How much of the wallet would lapse before an instant. */
function sooner(wallet: Wallet, until: string): number {
  return wallet.lots
    .filter((lot) => lot.at !== null && Date.parse(lot.at) < Date.parse(until))
    .reduce((sum, lot) => sum + lot.amount, 0);
}
