import { day, instant } from "@regulars/shared/format/dates";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import { useUnits } from "./actions/units";
import type { Wallet } from "./people";

/** A unit's lots: what can be spent by when it lapses, then what becomes spendable and when. */
export function Lots({ wallet }: { wallet: Wallet }) {
  const { t } = useTranslation("members");
  const { show } = useUnits();
  return (
    <table className="plain-table" aria-label={t("points.lotsOf", { unit: said(wallet.label) })}>
      <thead>
        <tr>
          <th scope="col">{t("points.until")}</th>
          <th scope="col" className="members-right">
            {t("ledger.amount")}
          </th>
        </tr>
      </thead>
      <tbody>
        {wallet.lots.map((lot) => (
          <tr key={lot.at ?? "never"}>
            <td title={lot.at ? instant(lot.at) : undefined}>{lot.at ? day(lot.at) : t("points.never")}</td>
            <td className="num">{show(wallet.unit, lot.amount)}</td>
          </tr>
        ))}
        {wallet.releasing.map((lot) => (
          <tr key={`from ${lot.at}`}>
            <td title={lot.at ? instant(lot.at) : undefined}>{t("points.from", { day: day(lot.at) })}</td>
            <td className="num quiet">{show(wallet.unit, lot.amount)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
