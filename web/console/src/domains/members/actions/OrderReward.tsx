import { answer, api, type Body, type Row } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { money } from "@regulars/shared/format/money";
import { said } from "@regulars/shared/session/plan";
import { useQuery } from "@tanstack/react-query";
import { Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Act } from "./acts";
import { Field, HowOften } from "./Fields";
import { useUnits } from "./units";
import { useAct } from "./useAct";

type Reward = Row<"/v1/rewards", "get">;
type Wish = Body<"/v1/members/{member}/reward-orders", "post">;
const EMPTY = { reward: "", quantity: 1 as number | null, address: "" };

/** Orders a reward for the member: its points are taken at once, money is paid besides; what stands against it is said before. */
export function OrderReward({ card, onClose, onDone }: Act) {
  const { t } = useTranslation("members");
  const { show, named } = useUnits();
  const member = card.person.id;
  const [typed, setTyped] = useState(EMPTY);
  const [fault, setFault] = useState<string>();
  const mall = useQuery({
    queryKey: ["members", "mall", member],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/rewards", { params: { query: { member } }, signal }))).items,
  });
  const reward = mall.data?.find((one) => one.id === typed.reward);
  const ordering = useAct(
    (wish: Wish, key) =>
      answer(
        api.POST("/v1/members/{member}/reward-orders", {
          params: { path: { member }, header: { "Idempotency-Key": key } },
          body: wish,
        }),
      ),
    (done) => onDone(done.cash ? t("act.reward.pay", { cash: money(done.cash, card.currency) }) : t("act.reward.done")),
  );
  const change = (next: Partial<typeof EMPTY>) => {
    setTyped({ ...typed, ...next });
    setFault(undefined);
    ordering.reset();
  };
  const confirm = () => {
    if (reward === undefined) {
      setFault(t("act.reward.missing"));
    } else {
      ordering.mutate({ reward: reward.id, quantity: typed.quantity ?? 1, address_ref: typed.address.trim() });
    }
  };
  const available = card.wallets.find((one) => one.unit === reward?.unit)?.available ?? 0;
  const points = (reward?.points ?? 0) * (typed.quantity ?? 1);
  return (
    <ConfirmImpact
      open
      title={t("act.reward.title")}
      confirm={t("act.reward.confirm")}
      busy={ordering.isPending}
      problem={ordering.error ? fromThrown(ordering.error) : null}
      changes={
        reward
          ? [
              {
                label: said(card.wallets.find((one) => one.unit === reward.unit)?.label) || reward.unit,
                before: <span className="num">{show(reward.unit, available)}</span>,
                after: <span className="num">{show(reward.unit, available - points)}</span>,
              },
            ]
          : []
      }
      onCancel={onClose}
      onConfirm={confirm}
    >
      <div className="members-form">
        <Field
          label={t("act.reward.reward")}
          fault={fault ?? (mall.error ? fromThrown(mall.error).message : undefined)}
        >
          {(id) => (
            <>
              <Select
                id={id}
                value={typed.reward || null}
                loading={mall.isPending}
                placeholder={t("act.choose")}
                options={(mall.data ?? []).map((one) => ({ value: one.id, label: priced(one, named) }))}
                onChange={(next: string) => change({ reward: next })}
              />
              <Reasons reward={reward} />
            </>
          )}
        </Field>
        <HowOften
          label={t("act.reward.quantity")}
          value={typed.quantity}
          most={1000}
          onChange={(quantity) => change({ quantity })}
        />
        {reward?.kind === "goods" && (
          <Field label={t("act.reward.address")} hint={t("act.reward.addressHint")}>
            {(id) => (
              <Input
                id={id}
                value={typed.address}
                maxLength={200}
                onChange={(event) => change({ address: event.target.value })}
              />
            )}
          </Field>
        )}
      </div>
    </ConfirmImpact>
  );
}

function priced(one: Reward, named: (unit: string, amount: number) => string): string {
  const cash = one.cash ? ` + ${money(one.cash, one.currency)}` : "";
  return `${said(one.label)} · ${named(one.unit, one.points)}${cash}`;
}

function Reasons({ reward }: { reward: Reward | undefined }) {
  return reward && reward.why_not.length > 0 ? (
    <ul className="members-warn">
      {reward.why_not.map((why) => (
        <li key={why.code}>{said(why.text)}</li>
      ))}
    </ul>
  ) : null;
}
