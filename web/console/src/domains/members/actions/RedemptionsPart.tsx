import { answer, api } from "@regulars/shared/api/client";
import { Tag } from "@regulars/shared/desk/Tag";
import { instant } from "@regulars/shared/format/dates";
import { NONE } from "@regulars/shared/format/numbers";
import { useMay } from "@regulars/shared/session/session";
import { useTranslation } from "react-i18next";
import { More } from "./More";
import { Part } from "./Part";
import { Undo } from "./Undo";
import { useUnits } from "./units";
import { usePaged } from "./usePaged";

/** Points that were spent at once; a redemption that was a mistake is cancelled, and its points return to their lots. */
export function RedemptionsPart({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const may = useMay();
  const { named } = useUnits();
  const { query, rows } = usePaged(["members", "redemptions", member], (cursor, signal) =>
    answer(
      api.GET("/v1/members/{member}/redemptions", {
        params: { path: { member }, query: { ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
  return (
    <Part
      title={t("goods.redemptions")}
      query={query}
      empty={rows.length === 0}
      none={t("goods.noRedemptions")}
      columns={[
        { title: t("ledger.at") },
        { title: t("ledger.amount"), numeric: true },
        { title: t("act.reason") },
        { title: t("goods.state") },
        { title: t("goods.act") },
      ]}
      after={<More query={query} />}
    >
      {rows.map((one) => (
        <tr key={one.id} title={one.id}>
          <td className="members-nowrap">{instant(one.at)}</td>
          <td className="num">{named(one.unit, one.points)}</td>
          <td>{one.reason || NONE}</td>
          <td>
            <Tag tone={one.cancelled_at ? "quiet" : "info"}>
              {t(one.cancelled_at ? "goods.redemptionState.cancelled" : "goods.redemptionState.spent")}
            </Tag>
          </td>
          <td>
            {may("points.redeem") && !one.cancelled_at && (
              <Undo
                action={t("goods.cancel")}
                what={named(one.unit, one.points)}
                text={t("goods.redemptionText")}
                done={t("goods.redemptionCancelled")}
                send={() =>
                  answer(
                    api.POST("/v1/members/{member}/redemptions/{redemption}/cancel", {
                      params: { path: { member, redemption: one.id } },
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
