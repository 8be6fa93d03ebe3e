import { answer, api, type Body } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { MoneyInput } from "@regulars/shared/desk/fields/MoneyInput";
import { count } from "@regulars/shared/format/numbers";
import { useOutline } from "@regulars/shared/session/outline";
import { said } from "@regulars/shared/session/plan";
import { Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Act } from "./acts";
import { useBenefits } from "./benefits";
import { Field, HowOften } from "./Fields";
import { useAct } from "./useAct";

type Wish = Body<"/v1/members/{member}/benefits/{benefit}/uses", "post">;
const EMPTY = { benefit: "", quantity: 1 as number | null, cost: null as number | null, order: "" };

/** Records that the member used a benefit: it counts against the quota of its period, with what it cost. */
export function UseBenefit({ card, onClose, onDone }: Act) {
  const { t } = useTranslation("members");
  const outline = useOutline();
  const member = card.person.id;
  const [typed, setTyped] = useState(EMPTY);
  const [fault, setFault] = useState<string>();
  const benefits = useBenefits(member);
  const chosen = benefits.data?.find((one) => one.id === typed.benefit);
  const part = outline?.find((item) => item.path === `benefits.${typed.benefit}`);
  const using = useAct(
    ({ benefit, ...wish }: Wish & { benefit: string }, key) =>
      answer(
        api.POST("/v1/members/{member}/benefits/{benefit}/uses", {
          params: { path: { member, benefit }, header: { "Idempotency-Key": key } },
          body: wish,
        }),
      ),
    () => onDone(t("act.benefit.done")),
  );
  const change = (next: Partial<typeof EMPTY>) => {
    setTyped({ ...typed, ...next });
    setFault(undefined);
    using.reset();
  };
  const confirm = () => {
    if (chosen === undefined) {
      setFault(t("act.benefit.missing"));
      return;
    }
    using.mutate({
      benefit: chosen.id,
      quantity: typed.quantity ?? 1,
      ...(typed.cost === null ? {} : { cost: typed.cost }),
      ...(typed.order.trim() ? { order: typed.order.trim() } : {}),
    });
  };
  const left = chosen?.left ?? null;
  return (
    <ConfirmImpact
      open
      title={t("act.benefit.title")}
      confirm={t("act.benefit.confirm")}
      busy={using.isPending}
      problem={using.error ? fromThrown(using.error) : null}
      changes={
        left === null
          ? []
          : [{ label: t("goods.left"), before: count(left), after: count(Math.max(0, left - (typed.quantity ?? 1))) }]
      }
      onCancel={onClose}
      onConfirm={confirm}
    >
      <div className="members-form">
        <Field
          label={t("act.benefit.benefit")}
          fault={fault ?? (benefits.error ? fromThrown(benefits.error).message : undefined)}
          hint={said(part?.sentence)}
        >
          {(id) => (
            <>
              <Select
                id={id}
                value={typed.benefit || null}
                loading={benefits.isPending}
                placeholder={t("act.choose")}
                options={(benefits.data ?? []).map((one) => ({ value: one.id, label: said(one.label) }))}
                onChange={(benefit: string) => change({ benefit })}
              />
              {chosen?.why_not && <span className="members-warn">{said(chosen.why_not.text)}</span>}
            </>
          )}
        </Field>
        <HowOften
          label={t("act.benefit.quantity")}
          value={typed.quantity}
          most={1000}
          onChange={(quantity) => change({ quantity })}
        />
        {part?.content.unit_cost === null && (
          <Field label={t("act.benefit.cost")}>
            {(id) => (
              <MoneyInput id={id} currency={card.currency} value={typed.cost} onChange={(cost) => change({ cost })} />
            )}
          </Field>
        )}
        <Field label={t("act.benefit.order")}>
          {(id) => (
            <Input
              id={id}
              value={typed.order}
              maxLength={200}
              onChange={(event) => change({ order: event.target.value })}
            />
          )}
        </Field>
      </div>
    </ConfirmImpact>
  );
}
