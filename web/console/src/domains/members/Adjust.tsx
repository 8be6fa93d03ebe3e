import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { count, NONE, signed } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { AdjustFields, type Faults, type Typed, type Way } from "./AdjustFields";
import { useUnits } from "./actions/units";
import type { Card } from "./people";
import { type Outcome, useAdjusting } from "./useAdjusting";

const MOST = 1_000_000_000;

/** Gives or takes units by hand, for a reason, with the balance before and after. Above the limit a second person is asked. */
export function Adjust({ card }: { card: Card }) {
  const { t } = useTranslation("members");
  const [open, setOpen] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const blocked = card.person.status !== "active" || card.programme === null;
  return (
    <>
      <Button
        type="primary"
        disabled={blocked}
        title={blocked ? t("adjust.blocked") : ""}
        onClick={() => {
          setOutcome(null);
          setOpen(true);
        }}
      >
        {t("adjust.action")}
      </Button>
      <Dialog
        key={card.person.id}
        card={card}
        open={open}
        onClose={() => setOpen(false)}
        onDone={(done) => {
          setOpen(false);
          setOutcome(done);
        }}
      />
      {outcome && <Told outcome={outcome} onClose={() => setOutcome(null)} />}
    </>
  );
}

type DialogProps = { card: Card; open: boolean; onClose: () => void; onDone: (outcome: Outcome) => void };

function Dialog({ card, open, onClose, onDone }: DialogProps) {
  const { t } = useTranslation("members");
  const { isMoney } = useUnits();
  // Money is paid in and paid with: it is loaded, and never given by the piece.
  const wallets = card.wallets.filter((one) => !isMoney(one.unit));
  const first: Typed = { unit: wallets[0]?.unit ?? "points", way: "give", amount: null, reason: "" };
  const [typed, setTyped] = useState(first);
  const [faults, setFaults] = useState<Faults>({});
  const wallet = wallets.find((one) => one.unit === typed.unit);
  const available = wallet?.available ?? 0;
  const after = available + points(typed.way, typed.amount);
  const adjusting = useAdjusting(card.person.id, (outcome) => {
    setTyped(first);
    onDone(outcome);
  });
  const confirm = () => {
    const found = faultsOf(typed, available, t);
    setFaults(found);
    if (!found.amount && !found.reason) {
      adjusting.mutate({
        unit: typed.unit,
        points: points(typed.way, typed.amount),
        reason: typed.reason.trim(),
      });
    }
  };
  return (
    <ConfirmImpact
      open={open}
      title={t("adjust.title")}
      confirm={t(`adjust.${typed.way}`)}
      danger={typed.way === "take"}
      busy={adjusting.isPending}
      problem={adjusting.error ? fromThrown(adjusting.error) : null}
      changes={[
        {
          label: said(wallet?.label) || typed.unit,
          before: <span className="num">{count(available)}</span>,
          after: <span className="num">{typed.amount === null ? NONE : count(after)}</span>,
        },
      ]}
      onCancel={() => {
        adjusting.reset();
        onClose();
      }}
      onConfirm={confirm}
    >
      <AdjustFields
        wallets={wallets}
        typed={typed}
        faults={faults}
        onChange={(change) => {
          setTyped({ ...typed, ...change });
          setFaults({});
          adjusting.reset();
        }}
      />
    </ConfirmImpact>
  );
}

function points(way: Way, amount: number | null): number {
  return way === "give" ? (amount ?? 0) : -(amount ?? 0);
}

function faultsOf(typed: Typed, available: number, t: ReturnType<typeof useTranslation<"members">>["t"]): Faults {
  const { amount, way, reason } = typed;
  return {
    ...(amount === null || amount < 1 || amount > MOST ? { amount: t("adjust.amountMissing") } : {}),
    ...(way === "take" && amount !== null && amount > available
      ? { amount: t("adjust.tooMuch", { amount: count(available) }) }
      : {}),
    ...(reason.trim() === "" ? { reason: t("adjust.reasonMissing") } : {}),
  };
}

function Told({ outcome, onClose }: { outcome: Outcome; onClose: () => void }) {
  const { t } = useTranslation("members");
  const amount = signed(outcome.wish.points);
  return (
    <Alert
      className="members-told"
      role="status"
      type={outcome.approval ? "warning" : "success"}
      showIcon
      title={outcome.approval ? t("adjust.asked", { amount }) : t("adjust.done", { amount })}
      description={
        outcome.approval && (
          <>
            {t("adjust.askedText")} <Link to={`/approvals?approval=${outcome.approval}`}>{t("adjust.approvals")}</Link>
          </>
        )
      }
      closable={{ onClose, "aria-label": t("adjust.dismiss") }}
    />
  );
}
