import { Tag } from "@regulars/shared/desk/Tag";
import { instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { useOutline } from "@regulars/shared/session/outline";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Hand } from "./CounterTab";
import type { Looked } from "./goods";
import { CouponState, lastDay } from "./heldColumns";
import { MemberLink } from "./MemberLink";
import type { Called } from "./names";
import { Redeem } from "./Redeem";
import { Withdraw } from "./Withdraw";

type Props = { hand: Hand; looked: Called<Looked>; currency: string; onAgain: () => void };

/** What was found: the coupon in words, its holder, whether it can be used and what it takes off; then what can be done with it. */
export function LookedUp({ hand, looked, currency, onAgain }: Props) {
  const { t } = useTranslation("goods");
  const may = useMay();
  const outline = useOutline();
  const [withdrawing, setWithdrawing] = useState(false);
  const { coupon, member } = looked;
  const words = outline?.find((item) => item.path === `coupons.${looked.definition}`)?.sentence;
  const facts: [string, ReactNode][] = [
    [
      t("held.state"),
      coupon ? <CouponState key="state" state={coupon.state} /> : <CodeState key="code" looked={looked} />,
    ],
    [
      t("held.member"),
      member ? <MemberLink key="who" id={member} called={looked.called} tab="goods" /> : t("counter.nobody"),
    ],
  ];
  if (coupon) {
    facts.push([t("held.starts"), instant(coupon.starts)]);
    facts.push([t("held.ends"), coupon.ends ? lastDay(coupon.ends) : t("held.never_ends")]);
  }
  const live = coupon?.state === "issued" || coupon?.state === "reserved";
  return (
    <section className="goods-looked" aria-label={t("counter.found")}>
      <h2>{said(looked.label)}</h2>
      {words && <p className="quiet">{said(words)}</p>}
      <Verdict hand={hand} looked={looked} currency={currency} />
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <span className="goods-acts">
        {looked.why_not === null && looked.discount !== null && <Redeem hand={hand} onDone={onAgain} />}
        {live && member && may("coupons.give") && (
          <Button danger onClick={() => setWithdrawing(true)}>
            {t("withdraw.action")}
          </Button>
        )}
      </span>
      {withdrawing && coupon && member && (
        <Withdraw
          coupon={coupon.id}
          label={said(looked.label)}
          member={member}
          onClose={() => setWithdrawing(false)}
          onDone={onAgain}
        />
      )}
    </section>
  );
}

function Verdict({ hand, looked, currency }: Omit<Props, "onAgain">) {
  const { t } = useTranslation("goods");
  if (looked.why_not) {
    return (
      <p className="goods-verdict" role="status">
        <Tag tone="bad">{t("counter.unusable")}</Tag> {said(looked.why_not.text)}
      </p>
    );
  }
  return (
    <p className="goods-verdict" role="status">
      <Tag tone="good">{t("counter.usable")}</Tag>{" "}
      {looked.discount === null || hand.amount === null
        ? t("counter.sayBill")
        : t("counter.takesOff", {
            off: money(looked.discount, currency),
            rest: money(hand.amount - looked.discount, currency),
          })}
    </p>
  );
}

function CodeState({ looked }: { looked: Looked }) {
  const { t } = useTranslation("goods");
  const state = looked.code_state;
  if (state === null) {
    return t("codeState.generic");
  }
  return <Tag tone={state === "free" ? "info" : state === "void" ? "bad" : "quiet"}>{t(`codeState.${state}`)}</Tag>;
}
