import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { useMay } from "@regulars/shared/session/session";
import { useMutation } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { GiftStateTag } from "./giftColumns";
import { type GiftCard, stateOf } from "./gifts";
import { lastDay } from "./heldColumns";
import { MemberLink } from "./MemberLink";
import { type Called, withNames } from "./names";
import { WithdrawGift } from "./WithdrawGift";

type Found = Called<GiftCard & { member: string | null }>;

/** What the card of a code is worth and what became of it; one that nobody redeemed can be withdrawn. */
export function GiftLookUp() {
  const { t } = useTranslation("goods");
  const may = useMay();
  const id = useId();
  const [code, setCode] = useState("");
  const [missing, setMissing] = useState(false);
  const [withdrawing, setWithdrawing] = useState(false);
  const looking = useMutation({
    mutationFn: async (typed: string): Promise<Found> => {
      const found = await answer(api.POST("/v1/gift-cards:look-up", { body: { code: typed } }));
      const row = { ...found, member: found.redeemed_by };
      const [named] = await withNames([row], may, AbortSignal.timeout(10_000));
      return named ?? { ...row, called: null };
    },
  });
  const look = (event: FormEvent) => {
    event.preventDefault();
    setMissing(code.trim() === "");
    if (code.trim() !== "") {
      looking.mutate(code.trim());
    }
  };
  const found = looking.data;
  return (
    <form className="goods-gift-look" onSubmit={look}>
      <div className="goods-field">
        <label htmlFor={id}>{t("gift.code")}</label>
        <span className="goods-acts">
          <Input
            id={id}
            data-search
            allowClear
            autoComplete="off"
            value={code}
            maxLength={80}
            aria-invalid={missing}
            placeholder={t("counter.codeExample")}
            onChange={(event) => {
              setCode(event.target.value);
              setMissing(false);
              looking.reset();
            }}
          />
          <Button htmlType="submit" loading={looking.isPending}>
            {t("counter.look")}
          </Button>
        </span>
        {missing && (
          <span role="alert" className="field-fault">
            {t("counter.codeMissing")}
          </span>
        )}
      </div>
      {looking.error && <ProblemNote problem={fromThrown(looking.error)} />}
      {found && <Card found={found} onWithdraw={() => setWithdrawing(true)} />}
      {withdrawing && (
        <WithdrawGift
          code={code.trim()}
          onClose={() => setWithdrawing(false)}
          onDone={() => looking.mutate(code.trim())}
        />
      )}
    </form>
  );
}

function Card({ found, onWithdraw }: { found: Found; onWithdraw: () => void }) {
  const { t } = useTranslation("goods");
  const state = stateOf(found);
  const facts: [string, ReactNode][] = [
    [t("gift.face"), money(found.amount, found.currency)],
    [t("held.state"), <GiftStateTag key="state" state={state} />],
    [t("held.ends"), lastDay(found.expires_at)],
    [t("batch.name"), found.batch],
  ];
  if (found.member) {
    facts.push([t("gift.redeemedBy"), <MemberLink key="who" id={found.member} called={found.called} tab="ledger" />]);
    facts.push([t("gift.redeemedAt"), instant(found.redeemed_at)]);
  }
  return (
    <section className="goods-looked" aria-label={t("counter.found")} aria-live="polite">
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {found.state === "open" && (
        <span className="goods-acts">
          <Button danger onClick={onWithdraw}>
            {t("withdraw.action")}
          </Button>
        </span>
      )}
    </section>
  );
}
