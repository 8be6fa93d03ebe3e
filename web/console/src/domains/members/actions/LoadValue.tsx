import { answer, api, type Body } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { MoneyInput } from "@regulars/shared/desk/fields/MoneyInput";
import { money } from "@regulars/shared/format/money";
import { NONE } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Act } from "./acts";
import { Field } from "./Fields";
import { useUnits } from "./units";
import { useAct } from "./useAct";

type Wish = Body<"/v1/members/{member}/loads", "post">;

/** Records money that the member paid in, and what is given on top of it. */
export function LoadValue({ card, onClose, onDone }: Act) {
  const { t } = useTranslation("members");
  const { isMoney } = useUnits();
  const member = card.person.id;
  const wallets = card.wallets.filter((one) => isMoney(one.unit));
  const [typed, setTyped] = useState({
    unit: wallets[0]?.unit ?? "",
    amount: null as number | null,
    bonus: null as number | null,
    reason: "",
  });
  const [missing, setMissing] = useState(false);
  const wallet = wallets.find((one) => one.unit === typed.unit);
  const loading = useAct(
    (wish: Wish, key) =>
      answer(
        api.POST("/v1/members/{member}/loads", {
          params: { path: { member }, header: { "Idempotency-Key": key } },
          body: wish,
        }),
      ),
    (done) => onDone(t("act.load.done", { amount: money(done.points, card.currency) })),
  );
  const change = (next: Partial<typeof typed>) => {
    setTyped({ ...typed, ...next });
    setMissing(false);
    loading.reset();
  };
  const confirm = () => {
    const { amount, bonus, reason, unit } = typed;
    setMissing(amount === null || amount < 1);
    if (amount !== null && amount >= 1) {
      loading.mutate({ unit, amount, bonus: bonus ?? 0, reason: reason.trim() });
    }
  };
  const before = wallet?.available ?? 0;
  return (
    <ConfirmImpact
      open
      title={t("act.load.title")}
      confirm={t("act.load.confirm")}
      busy={loading.isPending}
      problem={loading.error ? fromThrown(loading.error) : null}
      changes={[
        {
          label: said(wallet?.label) || typed.unit,
          before: <span className="num">{money(before, card.currency)}</span>,
          after: (
            <span className="num">
              {typed.amount === null ? NONE : money(before + typed.amount + (typed.bonus ?? 0), card.currency)}
            </span>
          ),
        },
      ]}
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
        <Field label={t("act.load.amount")} fault={missing ? t("act.load.missing") : undefined}>
          {(id) => (
            <MoneyInput
              id={id}
              currency={card.currency}
              value={typed.amount}
              onChange={(amount) => change({ amount })}
            />
          )}
        </Field>
        <Field label={t("act.load.bonus")}>
          {(id) => (
            <MoneyInput id={id} currency={card.currency} value={typed.bonus} onChange={(bonus) => change({ bonus })} />
          )}
        </Field>
        <Field label={t("act.load.reason")}>
          {(id) => (
            <Input
              id={id}
              value={typed.reason}
              maxLength={300}
              onChange={(event) => change({ reason: event.target.value })}
            />
          )}
        </Field>
      </div>
    </ConfirmImpact>
  );
}
