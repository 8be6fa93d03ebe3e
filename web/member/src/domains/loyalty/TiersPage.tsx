import { type Answer, answer, api } from "@regulars/shared/api/client";
import { useTranslation } from "react-i18next";
import { dayWords } from "../../mine/days";
import { useMine } from "../../mine/mine";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { Benefits } from "./Benefits";
import { finishOf } from "./finish";
import { Ladder } from "./Ladder";
import { Levels } from "./Levels";
import { OtherLadder } from "./OtherLadder";
import { useBenefits } from "./perks";

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
            {data.others.map((one) => (
              <OtherLadder key={one.id} ladder={one} />
            ))}
            <Perks tiers={data} />
            <History tiers={data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** The levels stand there also when what each benefit comes to cannot be read. */
function Perks({ tiers }: { tiers: Tiers }) {
  const { t } = useTranslation("loyalty");
  const benefits = useBenefits();
  return (
    <>
      {benefits.data?.items.length !== 0 && (
        <section className="surface">
          <h2>{t("tiers.perks")}</h2>
          <Loaded query={benefits} shape={[64, 64]}>
            {(data) => <Benefits benefits={data.items} />}
          </Loaded>
        </section>
      )}
      <Levels tiers={tiers} benefits={benefits.data?.items ?? []} />
    </>
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
