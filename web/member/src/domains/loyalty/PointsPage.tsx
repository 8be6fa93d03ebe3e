import { type Answer, answer, api } from "@regulars/shared/api/client";
import { useSearchValue } from "@regulars/shared/url/search";
import { useTranslation } from "react-i18next";
import { useMine } from "../../mine/mine";
import { Choice } from "../../parts/Choice";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { Balance } from "./Balance";
import { GiftCard } from "./GiftCard";
import { Ledger } from "./Ledger";
import { Lots } from "./Lots";

type Points = Answer<"/m/v1/me/points", "get">;
export type Unit = Points["items"][number];

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
  const first = points.items.find((unit) => unit.spendable && unit.currency === null) ?? points.items[0];
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
      {unit.currency !== null && <GiftCard unit={unit} />}
      <Lots key={unit.unit} unit={unit} />
      {unit.currency === null && points.how_to_earn.length > 0 && (
        <details className="surface fold">
          <summary>{t("points.how")}</summary>
          <ul className="plain-list">
            {points.how_to_earn.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </details>
      )}
      <Ledger unit={unit} />
    </>
  );
}
