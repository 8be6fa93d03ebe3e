import { ArrowLeftOutlined } from "@ant-design/icons";
import { answer, api } from "@regulars/shared/api/client";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import type { Column } from "@regulars/shared/desk/table/columns";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { NONE } from "@regulars/shared/format/numbers";
import { useMay } from "@regulars/shared/session/session";
import { useSearchValues } from "@regulars/shared/url/search";
import { Button, Segmented } from "antd";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { GiftStateTag } from "./giftColumns";
import { GIFT_STATES, type GiftCard, isGiftState, stateOf } from "./gifts";
import { lastDay } from "./heldColumns";
import { MemberLink } from "./MemberLink";
import { type Called, withNames } from "./names";

/** A card is known by the end of its code alone, which two may share: its place on the page tells them apart. */
type Shown = Called<GiftCard & { member: string | null; place: number }>;

/** The cards of one batch, each by the end of its code: what became of it, and who has its money. */
export function GiftBatchCards({ batch, onClose }: { batch: string; onClose: () => void }) {
  const { t } = useTranslation("goods");
  const may = useMay();
  const [{ state: typed }, set] = useSearchValues(["state"]);
  const state = isGiftState(typed) ? typed : undefined;
  const columns = useColumns();
  const load = useCallback<LoadPage<Shown>>(
    async ({ cursor, limit, signal }) => {
      const query = { limit, ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) };
      const page = await answer(
        api.GET("/v1/gift-cards/{batch}/cards", { params: { path: { batch }, query }, signal }),
      );
      const rows = page.items.map((one, place) => ({ ...one, member: one.redeemed_by, place }));
      return { items: await withNames(rows, may, signal), next: page.next };
    },
    [batch, state, may],
  );
  return (
    <div className="goods-stack">
      <div className="goods-acts">
        <Button icon={<ArrowLeftOutlined />} onClick={onClose}>
          {t("gift.back")}
        </Button>
        <h2 className="goods-heading">{t("gift.batch", { name: batch })}</h2>
      </div>
      <div className="goods-scroll">
        <Segmented
          aria-label={t("held.state")}
          value={state ?? "all"}
          options={(["all", ...GIFT_STATES] as const).map((value) => ({ value, label: t(`giftState.${value}`) }))}
          onChange={(next) => set(next === "all" ? {} : { state: next })}
        />
      </div>
      <DataTable
        id="gift-cards"
        label={t("gift.batch", { name: batch })}
        columns={columns}
        rowKey={(one) => `${one.last_four} ${one.place}`}
        queryKey={["goods", "gift-cards", batch, state ?? ""]}
        load={load}
        never={<NeverAny title={t("gift.noneSuch")} text={t("gift.noneSuchText")} />}
      />
    </div>
  );
}

function useColumns(): readonly Column<Shown>[] {
  const { t } = useTranslation("goods");
  return useMemo(
    () => [
      {
        key: "last_four",
        title: t("gift.endsIn"),
        width: 130,
        always: true,
        render: (one) => <code>…{one.last_four}</code>,
      },
      { key: "state", title: t("held.state"), width: 120, render: (one) => <GiftStateTag state={stateOf(one)} /> },
      {
        key: "amount",
        title: t("gift.face"),
        width: 120,
        numeric: true,
        render: (one) => money(one.amount, one.currency),
      },
      { key: "ends", title: t("held.ends"), width: 120, render: (one) => lastDay(one.expires_at) },
      {
        key: "member",
        title: t("gift.redeemedBy"),
        width: 150,
        render: (one) => (one.member ? <MemberLink id={one.member} called={one.called} tab="ledger" /> : NONE),
      },
      { key: "redeemed_at", title: t("gift.redeemedAt"), width: 150, render: (one) => instant(one.redeemed_at) },
    ],
    [t],
  );
}
