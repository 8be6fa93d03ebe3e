import { useTranslation } from "react-i18next";
import { amountOf, changeOf } from "../../mine/amounts";
import { dayWords, shortDay } from "../../mine/days";
import type { Entry } from "./history";

/** One change of the points: by how much, why, when, and until when it lasts. */
export function EntryRow({ entry, currency = null }: { entry: Entry; currency?: string | null }) {
  const { t } = useTranslation("loyalty");
  const { lead, why } = reasonOf(entry.words);
  return (
    <li className="row">
      <div className="row-words">
        <p>{lead}</p>
        {why.length > 0 && (
          <ul className="why">
            {why.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
        <p className="quiet">
          <time dateTime={entry.day}>{shortDay(entry.day)}</time>
          {entry.change > 0 && entry.last_day && <> · {t("points.through", { day: dayWords(entry.last_day) })}</>}
        </p>
      </div>
      <p className="row-amount num" data-way={entry.change > 0 ? "in" : entry.change < 0 ? "out" : "same"}>
        {entry.change === 0 ? amountOf(entry.amount, currency) : changeOf(entry.change, currency)}
      </p>
    </li>
  );
}

/** The server's sentence and, apart from it, the reasons in its brackets: each rule with what it gave. */
export function reasonOf(words: string): { lead: string; why: string[] } {
  const parts = /^(.*?) \((.+)\)$/.exec(words);
  return parts ? { lead: parts[1] ?? words, why: (parts[2] ?? "").split("; ") } : { lead: words, why: [] };
}
