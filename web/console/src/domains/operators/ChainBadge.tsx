import { SafetyCertificateOutlined, WarningOutlined } from "@ant-design/icons";
import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { useProblemText } from "@regulars/shared/desk/ProblemNote";
import { count } from "@regulars/shared/format/numbers";
import { useQuery } from "@tanstack/react-query";
import { Button, Popover } from "antd";
import { useTranslation } from "react-i18next";

/** Whether the sealed log is as it was written, computed anew on every visit; a click says how far and what to note elsewhere. */
export function ChainBadge() {
  const { t } = useTranslation("operators");
  const text = useProblemText();
  const query = useQuery({
    queryKey: ["operators", "chain"],
    queryFn: ({ signal }) => answer(api.GET("/v1/audit/chain", { signal })),
    refetchOnWindowFocus: false,
    staleTime: 60_000,
  });
  if (query.error) {
    return (
      <span className="bad" role="alert">
        {t("chain.unknown")} {text(fromThrown(query.error))}
      </span>
    );
  }
  const chain = query.data;
  if (chain === undefined) {
    return <span className="quiet">{t("chain.checking")}</span>;
  }
  const broken = chain.broken;
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={broken ? t("chain.brokenTitle") : t("chain.intactTitle")}
      content={
        <div className="operators-chain">
          <p>{t("chain.covers", { rows: count(chain.rows), days: count(chain.days) })}</p>
          {broken && (
            <p className="bad">
              {t(`chain.kind.${broken.kind}`)} {[broken.no, broken.row, broken.day].filter(Boolean).join(" · ")}
            </p>
          )}
          <p className="quiet">{t("chain.head")}</p>
          <code>{chain.head}</code>
          <Button size="small" loading={query.isFetching} onClick={() => void query.refetch()}>
            {t("chain.again")}
          </Button>
        </div>
      }
    >
      <Button
        danger={broken !== null}
        icon={broken ? <WarningOutlined /> : <SafetyCertificateOutlined className="operators-yes" />}
      >
        {broken ? t("chain.broken") : t("chain.intact")}
      </Button>
    </Popover>
  );
}
