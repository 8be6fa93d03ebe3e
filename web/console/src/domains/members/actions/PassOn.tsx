import { answer, api, type Row } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { MemberPicker } from "@regulars/shared/desk/fields/MemberPicker";
import { count } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { App, Button } from "antd";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "./Fields";
import { useAct } from "./useAct";

export type Coupon = Row<"/v1/members/{member}/coupons", "get">;
type Props = { member: string; coupon: Coupon };

/** A button that gives a coupon to another member, who is found by name or number; what forbids it is said beside the choice. */
export function PassOn({ member, coupon }: Props) {
  const { t } = useTranslation("members");
  const { message } = App.useApp();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [to, setTo] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const label = said(coupon.label);
  const passing = useAct(
    (receiver: string, key) =>
      answer(
        api.POST("/v1/members/{member}/coupons/{coupon}/transfer", {
          params: { path: { member, coupon: coupon.id }, header: { "Idempotency-Key": key } },
          body: { to: { id: receiver } },
        }),
      ),
    () => {
      setOpen(false);
      void message.success(t("pass.done"));
    },
  );
  useFocusAfter(open, button);
  const confirm = () => {
    setMissing(to === null);
    if (to !== null) {
      passing.mutate(to);
    }
  };
  return (
    <>
      <Button ref={button} size="small" aria-label={t("pass.title", { label })} onClick={() => setOpen(true)}>
        {t("pass.action")}
      </Button>
      <ConfirmImpact
        open={open}
        title={t("pass.title", { label })}
        confirm={t("pass.action")}
        busy={passing.isPending}
        problem={passing.error ? fromThrown(passing.error) : null}
        onCancel={() => {
          setOpen(false);
          passing.reset();
        }}
        onConfirm={confirm}
      >
        <p>{t("pass.text", { count: coupon.transfers_left, left: count(coupon.transfers_left) })}</p>
        <div className="members-form">
          <Field label={t("pass.to")} fault={missing ? t("pass.missing") : undefined}>
            {(id) => (
              <MemberPicker
                id={id}
                label={t("pass.to")}
                value={to}
                onChange={(next) => {
                  setTo(next);
                  setMissing(false);
                  passing.reset();
                }}
              />
            )}
          </Field>
        </div>
      </ConfirmImpact>
    </>
  );
}

/** The button has the focus again when its dialog is gone and it is still there. */
function useFocusAfter(open: boolean, button: RefObject<HTMLButtonElement | null>): void {
  const before = useRef(open);
  useEffect(() => {
    if (before.current && !open) {
      setTimeout(() => button.current?.focus());
    }
    before.current = open;
  }, [open, button]);
}
