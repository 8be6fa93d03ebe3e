import { answer, api, type Body } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { MemberPicker } from "@regulars/shared/desk/fields/MemberPicker";
import { MoneyInput } from "@regulars/shared/desk/fields/MoneyInput";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { usePlan } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useMutation } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { LookedUp } from "./LookedUp";
import { withNames } from "./names";

export type Hand = { coupon: string; member: string | null; amount: number | null; store: string };
const EMPTY: Hand = { coupon: "", member: null, amount: null, store: "" };

/** The counter: what a code is, whose, and whether it can be used for this bill; then it is taken, or withdrawn. */
export function CounterTab() {
  const { t } = useTranslation("goods");
  const may = useMay();
  const id = useId();
  const currency = usePlan()?.currency ?? "GBP";
  const [hand, setHand] = useState(EMPTY);
  const [missing, setMissing] = useState(false);
  const looking = useMutation({
    mutationFn: async (asked: Hand) => {
      const found = await answer(api.POST("/v1/coupons:look-up", { body: asBody(asked) }));
      const [named] = await withNames([found], may, AbortSignal.timeout(10_000));
      return { asked, found: named ?? { ...found, called: null } };
    },
  });
  const change = (next: Partial<Hand>) => {
    setHand({ ...hand, ...next });
    setMissing(false);
    looking.reset();
  };
  const look = (event: FormEvent) => {
    event.preventDefault();
    setMissing(hand.coupon.trim() === "");
    if (hand.coupon.trim() !== "") {
      looking.mutate(hand);
    }
  };
  return (
    <div className="goods-stack">
      <form className="goods-counter" onSubmit={look}>
        <div className="goods-field">
          <label htmlFor={`${id}-code`}>{t("counter.code")}</label>
          <Input
            id={`${id}-code`}
            data-search
            allowClear
            autoComplete="off"
            value={hand.coupon}
            maxLength={80}
            aria-invalid={missing}
            placeholder={t("counter.codeExample")}
            onChange={(event) => change({ coupon: event.target.value })}
          />
          {missing && (
            <span role="alert" className="field-fault">
              {t("counter.codeMissing")}
            </span>
          )}
        </div>
        <div className="goods-field">
          <label htmlFor={`${id}-bill`}>{t("counter.bill")}</label>
          <MoneyInput
            id={`${id}-bill`}
            currency={currency}
            value={hand.amount}
            onChange={(amount) => change({ amount })}
          />
        </div>
        {may("members.read") && (
          <div className="goods-field">
            <label htmlFor={`${id}-member`}>{t("counter.member")}</label>
            <MemberPicker
              id={`${id}-member`}
              label={t("counter.member")}
              value={hand.member}
              onChange={(member) => change({ member })}
            />
          </div>
        )}
        <div className="goods-field">
          <label htmlFor={`${id}-store`}>{t("counter.store")}</label>
          <Input
            id={`${id}-store`}
            value={hand.store}
            maxLength={100}
            placeholder={t("counter.storeExample")}
            onChange={(event) => change({ store: event.target.value })}
          />
        </div>
        <Button type="primary" htmlType="submit" loading={looking.isPending}>
          {t("counter.look")}
        </Button>
      </form>
      <p className="quiet">{t("counter.lead")}</p>
      {looking.error && <ProblemNote problem={fromThrown(looking.error)} />}
      {looking.data && (
        <LookedUp
          key={JSON.stringify(looking.data.asked)}
          hand={looking.data.asked}
          looked={looking.data.found}
          currency={currency}
          onAgain={() => looking.mutate(hand)}
        />
      )}
    </div>
  );
}

/** What is in the clerk's hand as the server takes it. */
export function asBody({ coupon, member, amount, store }: Hand): Body<"/v1/coupons:look-up", "post"> {
  return {
    coupon: coupon.trim(),
    store: store.trim(),
    ...(member ? { member: { id: member } } : {}),
    ...(amount ? { amount } : {}),
  };
}
