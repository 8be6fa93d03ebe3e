import { type Answer, answer, api } from "@regulars/shared/api/client";
import { count } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { dayWords } from "../../mine/days";
import { useMine } from "../../mine/mine";
import { Icon } from "../../parts/Icon";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { finishOf } from "./finish";
import { Ladder } from "./Ladder";

type Tiers = Answer<"/m/v1/me/tiers", "get">;

/** The ladder to scale, where I stand, what keeps my level, what each level brings, and how I came here. */
export default function TiersPage() {
  const { t } = useTranslation("loyalty");
  const tiers = useMine("tiers", (signal) => answer(api.GET("/m/v1/me/tiers", { signal })));
  return (
    <Page title={t("tiers.title")}>
      <Loaded query={tiers} shape={[110, 340, 120]}>
        {(data) => (
          <>
            <Where tiers={data} />
            <Ladder tiers={data} />
            <Levels tiers={data} />
            <History tiers={data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Where({ tiers }: { tiers: Tiers }) {
  const { t } = useTranslation("loyalty");
  const { tier, progress } = tiers;
  return (
    <section className="where card" data-finish={finishOf(tiers)}>
      <h2 className="card-tier">{tier.label}</h2>
      <p>{progress.words}</p>
      <p className="where-keep">{tier.keep_words ?? t("tiers.noReview")}</p>
    </section>
  );
}

function Levels({ tiers }: { tiers: Tiers }) {
  const { t } = useTranslation("loyalty");
  return (
    <section className="levels">
      <h2>{t("tiers.benefits")}</h2>
      <ol>
        {tiers.levels.map((level) => (
          <li key={level.level} className="surface level" data-unlocked={level.unlocked}>
            <header>
              <h3>{level.label}</h3>
              {level.current && <span className="badge">{t("tiers.here")}</span>}
              <p className="quiet">
                {level.threshold === 0
                  ? t("tiers.fromStart")
                  : t("tiers.from", { amount: count(level.threshold), unit: tiers.label })}
                {level.missing > 0 && ` · ${t("tiers.missing", { amount: count(level.missing) })}`}
              </p>
            </header>
            <ul className="benefits">
              {level.benefits.map((words) => (
                <li key={words}>
                  <Icon shape="check" size={18} />
                  {words}
                </li>
              ))}
              {level.benefits.length === 0 && (
                <li>
                  <Icon shape="check" size={18} />
                  {t("tiers.basic")}
                </li>
              )}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}

function History({ tiers }: { tiers: Tiers }) {
  const { t } = useTranslation("loyalty");
  if (tiers.history.length === 0) {
    return null;
  }
  return (
    <section className="surface">
      <h2>{t("tiers.history")}</h2>
      <ul className="rows">
        {tiers.history.map((move) => (
          <li key={`${move.day} ${move.words}`} className="row">
            <div className="row-words">
              <p>{move.words}</p>
              <p className="quiet">
                <time dateTime={move.day}>{dayWords(move.day)}</time>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
