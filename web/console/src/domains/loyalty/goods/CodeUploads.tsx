import { JobProgress } from "@regulars/shared/desk/states/JobProgress";
import { Tag } from "@regulars/shared/desk/Tag";
import { Who } from "@regulars/shared/desk/Who";
import { instant } from "@regulars/shared/format/dates";
import { count, NONE } from "@regulars/shared/format/numbers";
import { useMay } from "@regulars/shared/session/session";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Upload } from "./codes";
import { WithdrawCodes } from "./WithdrawCodes";

/** What came into a pool, newest first, what of it was withdrawn, and how far an upload is that is still coming in. */
export function CodeUploads({ uploads }: { uploads: readonly Upload[] }) {
  const { t } = useTranslation("goods");
  const [withdrawn, withdraw] = useState<Upload | null>(null);
  return (
    <>
      {uploads.length === 0 && <p className="quiet">{t("codes.noUploads")}</p>}
      <ol className="goods-steps">
        {uploads.map((one) => (
          <li key={one.id}>
            <One upload={one} onWithdraw={() => withdraw(one)} />
          </li>
        ))}
      </ol>
      {withdrawn && <WithdrawCodes upload={withdrawn} onClose={() => withdraw(null)} />}
    </>
  );
}

function One({ upload, onWithdraw }: { upload: Upload; onWithdraw: () => void }) {
  const { t } = useTranslation("goods");
  const manages = useMay()("coupons.manage");
  const { state, wanted, added, known } = upload;
  if (state === "adding") {
    return (
      <JobProgress
        job={{ state: "running", done: added + known, total: wanted }}
        label={t("codes.coming", { count: wanted, shown: count(wanted) })}
        {...(manages ? { onCancel: onWithdraw } : {})}
      />
    );
  }
  return (
    <>
      <strong>{t("codes.came", { count: added, shown: count(added) })}</strong>
      {known > 0 && <span>{t("codes.known", { count: known, shown: count(known) })}</span>}
      {state === "void" && (
        <Tag tone="bad">{t("codes.withdrawn", { count: upload.withdrawn, shown: count(upload.withdrawn) })}</Tag>
      )}
      <time className="num">{instant(upload.made_at)}</time> <Who id={upload.made_by} nobody={NONE} />
      {manages && state === "ready" && added > 0 && (
        <Button
          size="small"
          danger
          aria-label={t("codes.withdrawOne", { at: instant(upload.made_at) })}
          onClick={onWithdraw}
        >
          {t("withdraw.action")}
        </Button>
      )}
    </>
  );
}
