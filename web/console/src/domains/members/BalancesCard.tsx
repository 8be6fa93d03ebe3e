import { Panel } from "@regulars/shared/desk/Page";
import { day } from "@regulars/shared/format/dates";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { useUnits } from "./actions/units";
import { Lots } from "./Lots";
import type { Card, Wallet } from "./people";

/** What the member holds of each unit: to spend, not yet, and what lapses next, with every lot. */
export function BalancesCard({ card }: { card: Card }) {
  const { t } = useTranslation("members");
  return (
    <Panel title={t("one.balances")}>
      {card.wallets.length === 0 ? (
        <p className="quiet">{t("points.none")}</p>
      ) : (
        card.wallets.map((wallet) => <Balance key={wallet.unit} wallet={wallet} />)
      )}
    </Panel>
  );
}

function Balance({ wallet }: { wallet: Wallet }) {
  const { t } = useTranslation("members");
  const { show } = useUnits();
  const besides = (["pending", "held", "debt"] as const).filter((name) => wallet[name] !== 0);
  const lots = wallet.lots.length + wallet.releasing.length;
  return (
    <div className="balance">
      <span>{said(wallet.label)}</span>
      <strong className="num">{show(wallet.unit, wallet.available)}</strong>
      {besides.map((name) => (
        <span key={name} className={name === "debt" ? "members-debt quiet num" : "quiet num"}>
          {t(`points.${name}`, { amount: show(wallet.unit, wallet[name]) })}
        </span>
      ))}
      {wallet.next_expiry && (
        <span className="quiet num">
          {t("points.expiring", {
            amount: show(wallet.unit, wallet.next_expiry.amount),
            day: day(wallet.next_expiry.at),
          })}
        </span>
      )}
      {lots > 0 && (
        <details className="members-lots">
          <summary>{t("points.lots", { count: lots })}</summary>
          <Lots wallet={wallet} />
        </details>
      )}
    </div>
  );
}
