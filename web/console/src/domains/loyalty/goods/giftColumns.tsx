import { Tag } from "@regulars/shared/desk/Tag";
import type { Column } from "@regulars/shared/desk/table/columns";
import { Who } from "@regulars/shared/desk/Who";
import { day, instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { count, NONE } from "@regulars/shared/format/numbers";
import { titleAt, useOutline } from "@regulars/shared/session/outline";
import { Button } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { GIFT_TONES, type GiftBatch, type GiftState } from "./gifts";
import { lastDay } from "./heldColumns";

/** The columns of batches of gift cards. `onOpen` shows the cards of one. */
export function useGiftColumns(
  onOpen: (batch: string) => void,
  onWithdraw: (one: GiftBatch) => void,
): readonly Column<GiftBatch>[] {
  const { t } = useTranslation("goods");
  const outline = useOutline();
  return useMemo(
    () => [
      {
        key: "batch",
        title: t("batch.name"),
        width: 180,
        always: true,
        render: (one) => (
          <button type="button" className="goods-plain" onClick={() => onOpen(one.batch)}>
            {one.batch}
          </button>
        ),
      },
      { key: "face", title: t("gift.face"), width: 120, numeric: true, render: (one) => money(one.face, one.currency) },
      {
        key: "unit",
        title: t("gift.unit"),
        width: 130,
        hidden: true,
        render: (one) => titleAt(outline, `units.${one.unit}`),
      },
      { key: "cards", title: t("gift.cards"), width: 90, numeric: true, render: (one) => count(one.cards) },
      {
        key: "open",
        title: t("giftState.open"),
        width: 110,
        numeric: true,
        render: (one) => count(one.cards - one.redeemed - one.void),
      },
      {
        key: "redeemed",
        title: t("giftState.redeemed"),
        width: 100,
        numeric: true,
        render: (one) => count(one.redeemed),
      },
      {
        key: "redeemed_amount",
        title: t("gift.redeemedAmount"),
        width: 130,
        numeric: true,
        render: (one) => money(one.redeemed_amount, one.currency),
      },
      { key: "void", title: t("giftState.void"), width: 100, numeric: true, render: (one) => count(one.void) },
      {
        key: "expires_at",
        title: t("held.ends"),
        width: 120,
        render: (one) => <time title={instant(one.expires_at)}>{lastDay(one.expires_at)}</time>,
      },
      {
        key: "made_at",
        title: t("gift.madeAt"),
        width: 120,
        render: (one) => <time title={instant(one.made_at)}>{day(one.made_at)}</time>,
      },
      {
        key: "made_by",
        title: t("batch.createdBy"),
        width: 120,
        render: (one) => <Who id={one.made_by} nobody={NONE} />,
      },
      {
        key: "act",
        title: t("act.title"),
        width: 110,
        render: (one) =>
          one.cards > one.redeemed + one.void ? (
            <Button
              size="small"
              danger
              aria-label={t("gift.withdrawOne", { name: one.batch })}
              onClick={() => onWithdraw(one)}
            >
              {t("withdraw.action")}
            </Button>
          ) : null,
      },
    ],
    [t, outline, onOpen, onWithdraw],
  );
}

/** A card's state in words. */
export function GiftStateTag({ state }: { state: GiftState }) {
  const { t } = useTranslation("goods");
  return <Tag tone={GIFT_TONES[state]}>{t(`giftState.${state}`)}</Tag>;
}
