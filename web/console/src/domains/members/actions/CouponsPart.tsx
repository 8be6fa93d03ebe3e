import { answer, api } from "@regulars/shared/api/client";
import { Tag, type Tone } from "@regulars/shared/desk/Tag";
import { day, instant } from "@regulars/shared/format/dates";
import { NONE } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { useMay } from "@regulars/shared/session/session";
import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { More } from "./More";
import { Part } from "./Part";
import { type Coupon, PassOn } from "./PassOn";
import { Undo } from "./Undo";
import { usePaged } from "./usePaged";

const TONES = {
  issued: "good",
  reserved: "info",
  used: "quiet",
  void: "bad",
  lapsed: "warn",
  passed_on: "quiet",
} as const satisfies Record<string, Tone>;
const SHOWN = ["live", "all"] as const;

/** The member's coupons: those that can still be used, or every one it ever had. */
export function CouponsPart({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const may = useMay();
  const [state, setState] = useState<(typeof SHOWN)[number]>("live");
  const { query, rows } = usePaged(["members", "coupons", member, state], (cursor, signal) =>
    answer(
      api.GET("/v1/members/{member}/coupons", {
        params: { path: { member }, query: { state, ...(cursor ? { cursor } : {}) } },
        signal,
      }),
    ),
  );
  return (
    <Part
      title={t("goods.coupons")}
      query={query}
      empty={rows.length === 0}
      none={t(`goods.noCoupons.${state}`)}
      extra={
        <Segmented
          size="small"
          aria-label={t("goods.shown")}
          value={state}
          options={SHOWN.map((value) => ({ value, label: t(`goods.${value}`) }))}
          onChange={setState}
        />
      }
      columns={[
        { title: t("goods.coupon") },
        { title: t("goods.state") },
        { title: t("goods.ends") },
        { title: t("goods.code") },
        { title: t("goods.act") },
      ]}
      after={<More query={query} />}
    >
      {rows.map((one) => (
        <tr key={one.id} title={one.id}>
          <td>{said(one.label)}</td>
          <td>
            <State state={one.state} />
          </td>
          <td className="members-nowrap" title={one.ends ? instant(one.ends) : undefined}>
            {one.ends ? day(new Date(Date.parse(one.ends) - 1)) : t("points.never")}
          </td>
          <td>{one.code ? <code>{one.code}</code> : NONE}</td>
          <td>
            {may("coupons.give") && (
              <span className="members-acts">
                {one.state === "issued" && one.transfers_left > 0 && <PassOn member={member} coupon={one} />}
                {(one.state === "issued" || one.state === "reserved") && <TakeAway member={member} coupon={one} />}
              </span>
            )}
          </td>
        </tr>
      ))}
    </Part>
  );
}

function TakeAway({ member, coupon }: { member: string; coupon: Coupon }) {
  const { t } = useTranslation("members");
  return (
    <Undo
      action={t("goods.withdraw")}
      what={said(coupon.label)}
      text={t("goods.withdrawText")}
      reason="needed"
      done={t("goods.withdrawn")}
      send={(reason) =>
        answer(
          api.POST("/v1/members/{member}/coupons/{coupon}/void", {
            params: { path: { member, coupon: coupon.id } },
            body: { reason },
          }),
        )
      }
    />
  );
}

function State({ state }: { state: string }) {
  const { t } = useTranslation("members");
  const known = (Object.keys(TONES) as (keyof typeof TONES)[]).find((one) => one === state);
  return known ? <Tag tone={TONES[known]}>{t(`goods.couponState.${known}`)}</Tag> : state;
}
