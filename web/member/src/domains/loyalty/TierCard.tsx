import { useTranslation } from "react-i18next";
import { dayWords } from "../../mine/days";
import type { Me } from "../../mine/mine";
import { finishOf } from "./finish";
import { NextLevel } from "./NextLevel";

/** The member's card, as one would keep it: material by level, seal, name and number, and the way to the next level. */
export function TierCard({ me }: { me: Me }) {
  const { t } = useTranslation("loyalty");
  const { tier, progress } = me;
  return (
    <section className="card" data-finish={finishOf(me)} aria-label={t("card.title")}>
      <header>
        <p className="card-programme">{me.programme}</p>
        <p className="card-seal" aria-hidden="true" lang="zh-CN" translate="no">
          <span>{t("common:brand.zh")}</span>
        </p>
      </header>
      <p className="card-tier">{tier.label}</p>
      <div className="card-holder">
        <p className="card-name">{me.name ?? t("card.noName")}</p>
        <p className="card-number num">
          <span className="only-read">{t("card.number")} </span>
          {shortNumber(me.id)}
        </p>
      </div>
      <footer>
        <NextLevel progress={progress} />
        <p className="card-words">
          <span>{progress.words}</span>
          <span>{tier.keep_through ? t("card.keep", { day: dayWords(tier.keep_through) }) : t("card.forEver")}</span>
        </p>
      </footer>
    </section>
  );
}

/** The end of the member's id, in groups: enough to tell two cards apart and to read to somebody. */
export function shortNumber(id: string): string {
  return (id.slice(-12).toUpperCase().match(/.{4}/g) ?? []).join(" ");
}
