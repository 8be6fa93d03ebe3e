import {
  ExperimentOutlined,
  FileTextOutlined,
  RollbackOutlined,
  SafetyOutlined,
  ShoppingOutlined,
  StarOutlined,
  TrophyOutlined,
} from "@ant-design/icons";
import { Who } from "@regulars/shared/desk/Who";
import { day, instant } from "@regulars/shared/format/dates";
import { money } from "@regulars/shared/format/money";
import { changeOf, moved } from "@regulars/shared/format/numbers";
import { said, usePlan } from "@regulars/shared/session/plan";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { LineWhy } from "./LineWhy";
import type { Happened, Kind } from "./people";
import { useTopics } from "./topics";
import { useStores } from "./useStores";

const ICONS: Record<Kind, ReactNode> = {
  order: <ShoppingOutlined />,
  refund: <RollbackOutlined />,
  points: <StarOutlined />,
  tier: <TrophyOutlined />,
  consent: <SafetyOutlined />,
  note: <FileTextOutlined />,
  exposure: <ExperimentOutlined />,
};

/** One thing that happened, in a sentence, with what it rests on. */
export function Happening({ row }: { row: Happened }) {
  const { t } = useTranslation("members");
  return (
    <li className="members-happening">
      <span className={`members-icon members-icon-${row.kind}`} aria-hidden="true">
        {ICONS[row.kind]}
      </span>
      <div>
        <div className="members-happening-head">
          <strong>{t(`kind.${row.kind}`)}</strong>
          <time className="quiet num" title={instant(row.at)}>
            {instant(row.at).slice(-5)}
          </time>
        </div>
        <Told row={row} />
      </div>
    </li>
  );
}

function Told({ row }: { row: Happened }) {
  if (row.order) {
    return <OrderTold order={row.order} />;
  }
  if (row.refund) {
    return <RefundTold refund={row.refund} />;
  }
  if (row.points || row.tier) {
    return <Lines decision={row.points ?? row.tier} />;
  }
  return <Said row={row} />;
}

function OrderTold({ order }: { order: NonNullable<Happened["order"]> }) {
  const { t } = useTranslation("members");
  const { storeOf } = useStores();
  return (
    <p>
      <Link to={`?tab=orders&order=${order.id}`} className="num">
        {order.number}
      </Link>{" "}
      · {money(order.total, order.currency)} · {t("orders.linesCount", { count: order.lines })}
      {order.store && ` · ${storeOf(order.store)}`}
      {order.refunded > 0 && ` · ${t("orders.refundedAmount", { amount: money(order.refunded, order.currency) })}`}
    </p>
  );
}

function RefundTold({ refund }: { refund: NonNullable<Happened["refund"]> }) {
  const { t } = useTranslation("members");
  return (
    <p>
      <span className="num">{refund.number}</span> · {money(refund.total, refund.currency)} ·{" "}
      {refund.order ? (
        <Link to={`?tab=orders&order=${refund.order}`}>{t("refund.of", { number: refund.order_number })}</Link>
      ) : (
        t("refund.unmatched", { number: refund.order_number })
      )}
    </p>
  );
}

function Lines({ decision }: { decision: Happened["points"] }) {
  const { t } = useTranslation("members");
  const plan = usePlan();
  if (decision === null) {
    return null;
  }
  return (
    <ul className="members-lines">
      {decision.lines.map((line) => (
        <li key={line.n}>
          {line.kind !== "tier" && (
            <strong className={changeOf(line) > 0 ? "num members-gain" : "num"}>
              {moved(line)} {said(plan?.units[line.unit]) || line.unit}
            </strong>
          )}
          <LineWhy decision={decision} line={line} />
          {line.expires_at && (line.kind === "tier" || changeOf(line) > 0) && (
            <span className="quiet">
              {t(line.kind === "tier" ? "tier.until" : "points.expires", { day: day(line.expires_at) })}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Said({ row }: { row: Happened }) {
  const { t } = useTranslation("members");
  const { topic } = useTopics();
  if (row.consent) {
    const { granted, source, policy_version } = row.consent;
    return (
      <p>
        {t(granted ? "consents.yesTo" : "consents.noTo", { what: topic(row.consent) })}{" "}
        <span className="quiet">
          · {source} · {policy_version}
        </span>
      </p>
    );
  }
  if (row.note) {
    return (
      <p className="members-note">
        {row.note.text}{" "}
        <span className="quiet">
          · <Who id={row.note.author} />
        </span>
      </p>
    );
  }
  return (
    row.exposure && <p>{t(row.exposure.held_out ? "exposure.held" : "exposure.got", { what: row.exposure.what })}</p>
  );
}
