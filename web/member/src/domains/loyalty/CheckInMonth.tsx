import type { Answer } from "@regulars/shared/api/client";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { dayWords, monthWords, weekdays } from "../../mine/days";
import { Icon } from "../../parts/Icon";

export type CheckIns = Answer<"/m/v1/me/check-in", "get">;

/** This month as a calendar whose weeks begin on Monday, the days I was here marked. */
export function CheckInMonth({ checkIns }: { checkIns: CheckIns }) {
  const { t } = useTranslation("loyalty");
  const month = checkIns.day.slice(0, 7);
  const first = new Date(`${month}-01T00:00:00Z`);
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const days = Array.from({ length }, (_, at) => `${month}-${String(at + 1).padStart(2, "0")}`);
  const here = new Set(checkIns.days);
  return (
    <section className="surface">
      <h2>{monthWords(month)}</h2>
      <p className="quiet">{t("checkIn.inMonth", { count: here.size })}</p>
      <div className="check-in-names" aria-hidden="true">
        {weekdays().map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <ol className="check-in-days" style={{ "--first": ((first.getUTCDay() + 6) % 7) + 1 } as CSSProperties}>
        {days.map((day) => (
          <li key={day} data-here={here.has(day)} aria-current={day === checkIns.day ? "date" : undefined}>
            <span className="only-read">
              {dayWords(day)}
              {here.has(day) && ` ${t("checkIn.wasHere")}`}
            </span>
            <span aria-hidden="true">{here.has(day) ? <Icon shape="check" size={18} /> : Number(day.slice(8))}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
