import { type Answer, answer, api } from "@regulars/shared/api/client";
import { count } from "@regulars/shared/format/numbers";
import { useSearchValue } from "@regulars/shared/url/search";
import { useTranslation } from "react-i18next";
import { useMine } from "../../mine/mine";
import { Choice } from "../../parts/Choice";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { Ledger } from "./Ledger";
import { Lots } from "./Lots";

type Points = Answer<"/m/v1/me/points", "get">;
type Unit = Points["items"][number];

/** What I have of each unit, until when, what is on its way, and all that happened. */
export default function PointsPage() {
  const { t } = useTranslation("loyalty");
  const points = useMine("points", (signal) => answer(api.GET("/m/v1/me/points", { signal })));
  return (
    <Page title={t("points.title")}>
      <Loaded query={points} shape={[150, 180, 240]}>
        {(data) => <Units points={data} />}
      </Loaded>
    </Page>
  );
}

function Units({ points }: { points: Points }) {
  const { t } = useTranslation("loyalty");
  const first = points.items.find((unit) => unit.spendable) ?? points.items[0];
  const [chosen, choose] = useSearchValue("unit", first?.unit ?? "");
  const unit = points.items.find((one) => one.unit === chosen) ?? first;
  if (!unit) {
    return null;
  }
  return (
    <>
      {points.items.length > 1 && (
        <Choice
          label={t("points.which")}
          options={points.items.map((one) => ({ value: one.unit, label: one.label }))}
          value={unit.unit}
          onChange={choose}
        />
      )}
      <Balance unit={unit} />
      <Lots key={unit.unit} unit={unit} />
      {points.how_to_earn.length > 0 && (
        <details className="surface fold">
          <summary>{t("points.how")}</summary>
          <ul className="plain-list">
            {points.how_to_earn.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </details>
      )}
      <Ledger unit={unit.unit} label={unit.label} />
    </>
  );
}

function Balance({ unit }: { unit: Unit }) {
  const { t } = useTranslation("loyalty");
  return (
    <section className="balance" data-spendable={unit.spendable}>
      <h2>{t("points.available", { unit: unit.label })}</h2>
      <p className="balance-amount num">{count(unit.available)}</p>
      <ul className="balance-more num">
        <li>{t("points.pending", { amount: count(unit.pending) })}</li>
        {unit.held > 0 && <li>{t("points.held", { amount: count(unit.held) })}</li>}
      </ul>
      {!unit.spendable && <p className="balance-note">{t("points.forLevel")}</p>}
      {unit.debt > 0 && (
        <p className="balance-note">{t("points.debt", { amount: count(unit.debt), unit: unit.label })}</p>
      )}
    </section>
  );
}
