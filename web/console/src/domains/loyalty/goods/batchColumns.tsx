import { fileLink } from "@regulars/shared/api/links";
import { Tag } from "@regulars/shared/desk/Tag";
import type { Column } from "@regulars/shared/desk/table/columns";
import { Who } from "@regulars/shared/desk/Who";
import { day, instant } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { titleAt, useOutline } from "@regulars/shared/session/outline";
import { useMay } from "@regulars/shared/session/session";
import { Button } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { BATCH_TONES, type Batch, isBatchState } from "./goods";

/** The columns of batches of codes. `onWatch` shows one batch's progress above the list. */
export function useBatchColumns(
  onWithdraw: (one: Batch) => void,
  onWatch: (batch: string) => void,
): readonly Column<Batch>[] {
  const { t } = useTranslation("goods");
  const outline = useOutline();
  const may = useMay();
  return useMemo(() => {
    const columns: Column<Batch>[] = [
      {
        key: "name",
        title: t("batch.name"),
        width: 200,
        always: true,
        render: (one) => (
          <button type="button" className="goods-plain" onClick={() => onWatch(one.id)}>
            {one.name}
          </button>
        ),
      },
      {
        key: "definition",
        title: t("kinds.label"),
        width: 160,
        render: (one) => titleAt(outline, `coupons.${one.definition}`),
      },
      { key: "state", title: t("held.state"), width: 120, render: (one) => <BatchState state={one.state} /> },
      { key: "made", title: t("batch.made"), width: 110, numeric: true, render: (one) => count(one.made) },
      { key: "wanted", title: t("batch.wanted"), width: 110, numeric: true, render: (one) => count(one.wanted) },
      {
        key: "looks",
        title: t("batch.looks"),
        width: 170,
        render: (one) => (one.prefix ? t("batch.withPrefix", one) : t("batch.withoutPrefix", one)),
      },
      {
        key: "created_at",
        title: t("batch.createdAt"),
        width: 120,
        render: (one) => <time title={instant(one.created_at)}>{day(one.created_at)}</time>,
      },
      {
        key: "created_by",
        title: t("batch.createdBy"),
        width: 120,
        render: (one) => <Who id={one.created_by} nobody={NONE} />,
      },
    ];
    return may("coupons.manage")
      ? [
          ...columns,
          {
            key: "act",
            title: t("act.title"),
            width: 210,
            render: (one) => <Acts one={one} onWithdraw={onWithdraw} />,
          },
        ]
      : columns;
  }, [t, outline, may, onWithdraw, onWatch]);
}

/** What can be done with a batch: its codes taken away, the batch withdrawn. */
export function Acts({ one, onWithdraw }: { one: Batch; onWithdraw: (one: Batch) => void }) {
  const { t } = useTranslation("goods");
  return (
    <span className="goods-acts">
      {one.made > 0 && (
        <Button size="small" href={fileLink(`/v1/coupon-batches/${one.id}/codes`)} download>
          {t("batch.download")}
        </Button>
      )}
      {one.state !== "void" && (
        <Button size="small" danger onClick={() => onWithdraw(one)}>
          {t("withdraw.action")}
        </Button>
      )}
    </span>
  );
}

/** A batch's state in words. */
export function BatchState({ state }: { state: string }) {
  const { t } = useTranslation("goods");
  return isBatchState(state) ? <Tag tone={BATCH_TONES[state]}>{t(`batchState.${state}`)}</Tag> : state;
}
