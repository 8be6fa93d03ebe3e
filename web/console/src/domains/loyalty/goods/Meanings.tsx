import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import type { Effects } from "./effects";

const NAMES = ["granted", "used", "cost", "effect", "trial", "users"] as const;

/** What each number means, in the server's own words. */
export function Meanings({ effects }: { effects: Effects }) {
  const { t } = useTranslation("goods");
  return (
    <details className="goods-meanings">
      <summary>{t("effect.meanings")}</summary>
      <dl>
        {NAMES.map((name) => {
          const text = effects.definitions[name];
          return text ? (
            <div key={name}>
              <dt>{t(`effect.meaning.${name}`)}</dt>
              <dd>{said(text)}</dd>
            </div>
          ) : null;
        })}
      </dl>
    </details>
  );
}
