import { answer, api } from "@regulars/shared/api/client";
import { Tag } from "@regulars/shared/desk/Tag";
import { instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { count } from "@regulars/shared/format/numbers";
import { titleAt, useOutline } from "@regulars/shared/session/outline";
import { useMay } from "@regulars/shared/session/session";
import { useTranslation } from "react-i18next";
import type { Card } from "../people";
import { More } from "./More";
import { Part } from "./Part";
import { Undo } from "./Undo";
import { useUnits } from "./units";
import { usePaged } from "./usePaged";

const STATES = { placed: "warn", fulfilled: "info", completed: "good", cancelled: "quiet" } as const;

/** What the member ordered from the mall; what was not sent yet can be cancelled, which gives its points back. */
export function RewardsPart({ card }: { card: Card }) {
  const { t } = useTranslation("members");
  const may = useMay();
  const outline = useOutline();
  const { named } = useUnits();
  const member = card.person.id;
  const { query, rows } = usePaged(["members", "reward-orders", member], (cursor, signal) =>
    answer(
      api.GET("/v1/members/{member}/reward-orders", {
        params: { path: { member }, query: { ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
  return (
    <Part
      title={t("goods.rewards")}
      query={query}
      empty={rows.length === 0}
      none={t("goods.noRewards")}
      columns={[
        { title: t("ledger.at") },
        { title: t("act.reward.reward") },
        { title: t("act.reward.quantity"), numeric: true },
        { title: t("goods.price"), numeric: true },
        { title: t("goods.state") },
        { title: t("goods.act") },
      ]}
      after={<More query={query} />}
    >
      {rows.map((one) => (
        <tr key={one.id} title={one.id}>
          <td className="members-nowrap">{instant(one.placed_at)}</td>
          <td>{titleAt(outline, `rewards.${one.reward}`)}</td>
          <td className="num">{count(one.quantity)}</td>
          <td className="num">
            {named(one.unit, one.points)}
            {one.cash > 0 && ` + ${money(one.cash, one.currency)}`}
          </td>
          <td>
            <OrderState state={one.state} />
          </td>
          <td>
            {may("rewards.fulfil") && one.state === "placed" && (
              <Undo
                action={t("goods.cancel")}
                what={titleAt(outline, `rewards.${one.reward}`)}
                text={t("goods.cancelText", { amount: named(one.unit, one.points) })}
                reason="welcome"
                done={t("goods.cancelled")}
                send={(note) =>
                  answer(
                    api.POST("/v1/reward-orders/{order}/cancel", {
                      params: { path: { order: one.id } },
                      body: { note },
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

function OrderState({ state }: { state: string }) {
  const { t } = useTranslation("members");
  const known = (Object.keys(STATES) as (keyof typeof STATES)[]).find((one) => one === state);
  return known ? <Tag tone={STATES[known]}>{t(`goods.orderState.${known}`)}</Tag> : state;
}
