import { answer, api, type Body } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { ConfirmImpact } from "@regulars/shared/desk/ConfirmImpact";
import { count } from "@regulars/shared/format/numbers";
import { useOutline } from "@regulars/shared/session/outline";
import { said } from "@regulars/shared/session/plan";
import { useQuery } from "@tanstack/react-query";
import { Input, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Act } from "./acts";
import { Field } from "./Fields";
import { useAct } from "./useAct";

type Wish = Body<"/v1/members/{member}/coupons", "post">;
const WAYS = ["gift", "claim", "code"] as const;
type Way = (typeof WAYS)[number];

/** Gives the member a coupon as a gift, claims one for it by its own rules and price, or takes the code it has in hand. */
export function GiveCoupon({ card, onClose, onDone }: Act) {
  const { t } = useTranslation("members");
  const member = card.person.id;
  const [way, setWay] = useState<Way>("gift");
  const [kind, setKind] = useState<string | null>(null);
  const [code, setCode] = useState("");
  const [fault, setFault] = useState<string>();
  const giving = useAct(
    (wish: Wish, key) =>
      answer(
        api.POST("/v1/members/{member}/coupons", {
          params: { path: { member }, header: { "Idempotency-Key": key } },
          body: wish,
        }),
      ),
    () => onDone(t("act.coupon.done")),
  );
  const changed = () => {
    setFault(undefined);
    giving.reset();
  };
  const confirm = () => {
    if (way === "code" ? code.trim() === "" : kind === null) {
      setFault(t(way === "code" ? "act.coupon.codeMissing" : "act.coupon.kindMissing"));
    } else {
      giving.mutate(way === "code" ? { as: "claim", code: code.trim() } : { as: way, definition: kind });
    }
  };
  return (
    <ConfirmImpact
      open
      title={t("act.coupon.title")}
      confirm={t("act.coupon.confirm")}
      busy={giving.isPending}
      problem={giving.error ? fromThrown(giving.error) : null}
      onCancel={onClose}
      onConfirm={confirm}
    >
      <div className="members-form">
        <Radio.Group
          aria-label={t("act.coupon.way")}
          value={way}
          options={WAYS.map((value) => ({ value, label: t(`act.coupon.${value}`) }))}
          onChange={(event) => {
            setWay(event.target.value as Way);
            changed();
          }}
        />
        {way === "code" ? (
          <Field label={t("act.coupon.typed")} fault={fault}>
            {(id) => (
              <Input
                id={id}
                value={code}
                maxLength={80}
                autoComplete="off"
                onChange={(event) => {
                  setCode(event.target.value);
                  changed();
                }}
              />
            )}
          </Field>
        ) : (
          <Kind
            member={member}
            way={way}
            value={kind}
            fault={fault}
            onChange={(next) => {
              setKind(next);
              changed();
            }}
          />
        )}
      </div>
    </ConfirmImpact>
  );
}

type KindProps = {
  member: string;
  way: "gift" | "claim";
  value: string | null;
  fault: string | undefined;
  onChange: (kind: string) => void;
};

function Kind({ member, way, value, fault, onChange }: KindProps) {
  const { t } = useTranslation("members");
  const outline = useOutline();
  const kinds = useQuery({
    queryKey: ["members", "claimable", member],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/coupons/definitions", { params: { query: { member } }, signal }))).items,
  });
  const chosen = kinds.data?.find((one) => one.definition === value);
  const why = way === "claim" ? chosen?.why_not : null;
  const words = said(outline?.find((item) => item.path === `coupons.${value}`)?.sentence);
  const left = chosen?.left === null || chosen === undefined ? "" : t("act.coupon.left", { left: count(chosen.left) });
  return (
    <Field
      label={t("act.coupon.kind")}
      fault={fault ?? (kinds.error ? fromThrown(kinds.error).message : undefined)}
      hint={[words, left].filter(Boolean).join(" ")}
    >
      {(id) => (
        <>
          <Select
            id={id}
            value={value}
            loading={kinds.isPending}
            placeholder={t("act.choose")}
            options={(kinds.data ?? []).map((one) => ({ value: one.definition, label: said(one.label) }))}
            onChange={onChange}
          />
          {why && <span className="members-warn">{t("act.coupon.whyNot", { why: said(why.text) })}</span>}
        </>
      )}
    </Field>
  );
}
