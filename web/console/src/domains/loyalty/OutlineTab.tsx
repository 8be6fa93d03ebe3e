import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed, NeverAny } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useSearchValue } from "@regulars/shared/url/search";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Ladder } from "./Ladder";
import { VersionSelect } from "./VersionSelect";
import { type Item, useStandings, type Version } from "./versions";

/** A version read aloud: what is counted, the ladder to scale, and every rule as a sentence, by what it gives. */
export function OutlineTab({ versions }: { versions: readonly Version[] }) {
  const { t } = useTranslation("programme");
  const may = useMay();
  const { inForce } = useStandings(versions);
  const first = String((inForce ?? versions[0])?.version ?? "");
  const [version, setVersion] = useSearchValue("version", first);
  if (versions.length === 0) {
    return <NeverAny text={t("versions.never")} />;
  }
  return (
    <div className="loyalty-words">
      <div className="loyalty-row">
        <VersionSelect
          id="words-version"
          label={t("version.shown")}
          value={version}
          onChange={setVersion}
          versions={versions}
        />
        {may("programme.write") && <Link to={`?tab=rules&base=${version}`}>{t("words.edit")}</Link>}
      </div>
      <Outline version={Number(version)} />
    </div>
  );
}

function Outline({ version }: { version: number }) {
  const query = useQuery({
    queryKey: ["programme", "outline", version],
    queryFn: ({ signal }) => answer(api.GET("/v1/programme/outline", { params: { query: { version } }, signal })),
  });
  if (query.error) {
    return <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />;
  }
  return query.data === undefined ? <Loading rows={10} /> : <Parts items={query.data.items} />;
}

function Parts({ items }: { items: readonly Item[] }) {
  const { t } = useTranslation("programme");
  const of = (part: Item["part"]) => items.filter((item) => item.part === part);
  const programme = of("programme")[0];
  const units = of("unit");
  return (
    <>
      {programme && (
        <section>
          <h2 className="loyalty-name">{said(programme.title)}</h2>
          <p>{said(programme.sentence)}</p>
        </section>
      )}
      <section>
        <h2>{t("words.units")}</h2>
        <Sentences items={units} />
      </section>
      {of("ladder").map((ladder) => (
        <section key={ladder.path}>
          <h2>{said(ladder.title)}</h2>
          <p>{said(ladder.sentence)}</p>
          <Ladder levels={of("level").filter((level) => level.path.startsWith(`${ladder.path}.levels.`))} />
        </section>
      ))}
      {units.map((unit) => {
        const rules = of("rule").filter((rule) => rule.content.unit === unit.path.slice("units.".length));
        return (
          rules.length > 0 && (
            <section key={unit.path}>
              <h2>{t("words.earning", { unit: said(unit.title) })}</h2>
              <Sentences items={rules} numbered />
            </section>
          )
        );
      })}
      <Goods title={t("words.coupons")} items={of("coupon")} />
      <Goods title={t("words.benefits")} items={of("benefit")} />
      <Goods title={t("words.rewards")} items={of("reward")} />
    </>
  );
}

function Goods({ title, items }: { title: string; items: readonly Item[] }) {
  return (
    items.length > 0 && (
      <section>
        <h2>{title}</h2>
        <Sentences items={items} />
      </section>
    )
  );
}

function Sentences({ items, numbered = false }: { items: readonly Item[]; numbered?: boolean }) {
  const List = numbered ? "ol" : "ul";
  return (
    <List className="loyalty-sentences">
      {items.map((item) => (
        <li key={item.path}>
          <strong>{said(item.title)}</strong>
          <p>{said(item.sentence)}</p>
        </li>
      ))}
    </List>
  );
}
