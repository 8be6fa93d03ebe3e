import { fromThrown } from "@regulars/shared/api/problem";
import { longDay } from "@regulars/shared/format/dates";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../parts/Button";
import { ProblemNote } from "../../parts/ProblemNote";
import { Sheet } from "../../parts/Sheet";
import type { Claimable } from "./coupons";
import { Ticket } from "./Ticket";
import { useClaim } from "./useClaim";

const FEW = 20;

/** One kind of coupon in the claim centre. What costs something is confirmed first. */
export function ClaimRow({ one, onClaimed }: { one: Claimable; onClaimed: (name: string) => void }) {
  const { t } = useTranslation("coupons");
  const [asked, setAsked] = useState(false);
  const name = said(one.label);
  const claiming = useClaim(() => {
    setAsked(false);
    onClaimed(name);
  });
  const claim = () => claiming.mutate({ definition: one.definition });
  const price =
    one.price > 0 ? t("claim.price", { amount: count(one.price), unit: said(one.unit_label ?? undefined) }) : "";
  return (
    <li>
      <Ticket worth={one.worth} dim={one.why_not !== null}>
        <h2>{name}</h2>
        <p>{said(one.worth.words)}</p>
        <ul className="quiet ticket-list">
          {one.span.map((words) => (
            <li key={words.en}>{said(words)}</li>
          ))}
          {one.claim_until && <li>{t("claim.until", { day: longDay(lastInstant(one.claim_until)) })}</li>}
        </ul>
        <details className="ticket-terms">
          <summary>{t("terms")}</summary>
          <ul className="coupon-terms">
            {one.terms.map((words) => (
              <li key={words.en}>{said(words)}</li>
            ))}
          </ul>
        </details>
        {(one.left !== null || price) && (
          <p className="chips">
            {one.left !== null && (
              <span className={one.left <= FEW ? "chip warn num" : "chip num"}>
                {t("claim.left", { amount: count(one.left) })}
              </span>
            )}
            {price && <span className="chip num">{price}</span>}
          </p>
        )}
        <Act
          one={one}
          name={name}
          price={price}
          busy={claiming.isPending}
          onClaim={price ? () => setAsked(true) : claim}
        />
        {claiming.isError && !asked && <ProblemNote problem={fromThrown(claiming.error)} />}
      </Ticket>
      <Sheet open={asked} title={name} onClose={() => setAsked(false)}>
        <p>{t("claim.sure", { price })}</p>
        {claiming.isError && <ProblemNote problem={fromThrown(claiming.error)} />}
        <Button busy={claiming.isPending} onClick={claim}>
          {t("claim.doFor", { price })}
        </Button>
      </Sheet>
    </li>
  );
}

type ActProps = { one: Claimable; name: string; price: string; busy: boolean; onClaim: () => void };

function Act({ one, name, price, busy, onClaim }: ActProps) {
  const { t } = useTranslation("coupons");
  if (one.why_not) {
    return <p className="ticket-why">{t("claim.whyNot", { reason: said(one.why_not.text) })}</p>;
  }
  if (one.by_code) {
    return <p className="quiet">{t("claim.needsCode")}</p>;
  }
  return (
    <Button busy={busy} onClick={onClaim}>
      {price ? t("claim.doFor", { price }) : t("claim.do")}
      <span className="only-read"> {name}</span>
    </Button>
  );
}

/** What ends at midnight ended the day before. */
function lastInstant(end: string): Date {
  return new Date(Date.parse(end) - 1);
}
