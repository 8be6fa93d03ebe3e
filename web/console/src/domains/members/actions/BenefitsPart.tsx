import { answer, api } from "@regulars/shared/api/client";
import { Tag } from "@regulars/shared/desk/Tag";
import { day, instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { count, NONE } from "@regulars/shared/format/numbers";
import { titleAt, useOutline } from "@regulars/shared/session/outline";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { useTranslation } from "react-i18next";
import type { Card } from "../people";
import { useBenefits } from "./benefits";
import { More } from "./More";
import { Part } from "./Part";
import { Undo } from "./Undo";
import { usePaged } from "./usePaged";

const STATES = { used: "info", charged: "warn", reversed: "quiet" } as const;

/** What the member may have of each benefit in this period, and every use of one with what it cost. */
export function BenefitsPart({ card }: { card: Card }) {
  const { t } = useTranslation("members");
  const query = useBenefits(card.person.id);
  const rows = query.data ?? [];
  return (
    <>
      <Part
        title={t("goods.benefits")}
        query={query}
        empty={rows.length === 0}
        none={t("goods.noBenefits")}
        columns={[
          { title: t("goods.benefit") },
          { title: t("goods.granted"), numeric: true },
          { title: t("goods.used"), numeric: true },
          { title: t("goods.left"), numeric: true },
          { title: t("goods.nextAt") },
        ]}
      >
        {rows.map((one) => (
          <tr key={one.id}>
            <td>
              {said(one.label)}
              {one.why_not && <span className="members-warn"> {said(one.why_not.text)}</span>}
            </td>
            <td className="num">{one.granted === null ? t("goods.endless") : count(one.granted)}</td>
            <td className="num">{count(one.used)}</td>
            <td className="num">{one.left === null ? t("goods.endless") : count(one.left)}</td>
            <td className="members-nowrap">{one.next_at ? day(one.next_at) : NONE}</td>
          </tr>
        ))}
      </Part>
      <Uses card={card} />
    </>
  );
}

function Uses({ card }: { card: Card }) {
  const { t } = useTranslation("members");
  const may = useMay();
  const outline = useOutline();
  const member = card.person.id;
  const { query, rows } = usePaged(["members", "uses", member], (cursor, signal) =>
    answer(
      api.GET("/v1/members/{member}/benefit-uses", {
        params: { path: { member }, query: { ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
  return (
    <Part
      title={t("goods.uses")}
      query={query}
      empty={rows.length === 0}
      none={t("goods.noUses")}
      columns={[
        { title: t("ledger.at") },
        { title: t("goods.benefit") },
        { title: t("act.benefit.quantity"), numeric: true },
        { title: t("goods.cost"), numeric: true },
        { title: t("goods.state") },
        { title: t("goods.act") },
      ]}
      after={<More query={query} />}
    >
      {rows.map((one) => (
        <tr key={one.id} title={one.id}>
          <td className="members-nowrap">{instant(one.at)}</td>
          <td>{titleAt(outline, `benefits.${one.benefit}`)}</td>
          <td className="num">{count(one.quantity)}</td>
          <td className="num">{money(one.cost, card.currency)}</td>
          <td>
            <UseState state={one.state} />
          </td>
          <td>
            {may("benefits.use") && one.state !== "reversed" && (
              <Undo
                action={t("goods.takeBack")}
                what={titleAt(outline, `benefits.${one.benefit}`)}
                text={t("goods.takeBackText")}
                reason="welcome"
                done={t("goods.takenBack")}
                send={(reason) =>
                  answer(
                    api.POST("/v1/members/{member}/benefit-uses/{use}/reverse", {
                      params: { path: { member, use: one.id } },
                      body: { reason },
                    }),
                  )
                }
              />
            )}
          </td>
        </tr>
      ))}
    </Part>
  );
}

function UseState({ state }: { state: string }) {
  const { t } = useTranslation("members");
  const known = (Object.keys(STATES) as (keyof typeof STATES)[]).find((one) => one === state);
  return known ? <Tag tone={STATES[known]}>{t(`goods.useState.${known}`)}</Tag> : state;
}
