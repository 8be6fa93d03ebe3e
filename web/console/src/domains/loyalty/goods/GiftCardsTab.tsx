import { answer, api } from "@regulars/shared/api/client";
import { NeverAny } from "@regulars/shared/desk/states/Empties";
import { DataTable } from "@regulars/shared/desk/table/DataTable";
import type { LoadPage } from "@regulars/shared/desk/table/usePages";
import { useSearchValue } from "@regulars/shared/url/search";
import { Button } from "antd";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { GiftBatchCards } from "./GiftBatchCards";
import { GiftCodes } from "./GiftCodes";
import { GiftLookUp } from "./GiftLookUp";
import { useGiftColumns } from "./giftColumns";
import { type GiftBatch, type MadeCards, useMoneyUnits } from "./gifts";
import { MakeGiftCards } from "./MakeGiftCards";
import { WithdrawGift } from "./WithdrawGift";

/** Gift cards: one looked up by its code, batches made and withdrawn, the cards of one batch. */
export function GiftCardsTab() {
  const { t } = useTranslation("goods");
  const units = useMoneyUnits();
  const [batch, open] = useSearchValue("batch", "");
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<MadeCards | null>(null);
  const [withdrawn, setWithdrawn] = useState<GiftBatch | null>(null);
  const columns = useGiftColumns(open, setWithdrawn);
  const load = useCallback<LoadPage<GiftBatch>>(async ({ signal }) => {
    const { items } = await answer(api.GET("/v1/gift-cards", { signal }));
    return { items, next: null };
  }, []);
  if (batch) {
    return <GiftBatchCards batch={batch} onClose={() => open("")} />;
  }
  return (
    <div className="goods-stack">
      <div className="goods-bar">
        <GiftLookUp />
        {units.length > 0 && (
          <Button type="primary" className="goods-gift-make" onClick={() => setMaking(true)}>
            {t("gift.make")}
          </Button>
        )}
      </div>
      <DataTable
        id="gift-card-batches"
        label={t("tab.giftCards")}
        columns={columns}
        rowKey={(one) => one.batch}
        queryKey={["goods", "gift-cards"]}
        load={load}
        never={<NeverAny text={t(units.length > 0 ? "gift.never" : "gift.noUnit")} />}
      />
      {making && <MakeGiftCards units={units} onMade={setMade} onClose={() => setMaking(false)} />}
      {made && <GiftCodes made={made} onClose={() => setMade(null)} />}
      {withdrawn && <WithdrawGift batch={withdrawn} onClose={() => setWithdrawn(null)} />}
    </div>
  );
}
