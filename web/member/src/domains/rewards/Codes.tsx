import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Button } from "../../parts/Button";
import { CopyButton } from "../../parts/CopyButton";
import { ProblemNote } from "../../parts/ProblemNote";
import type { OneOrder } from "./rewards";

/** The codes that the order handed out: hidden until asked for, because an order whose code was seen stays. */
export function Codes({ order }: { order: OneOrder }) {
  const { t } = useTranslation("rewards");
  const client = useQueryClient();
  const showing = useMutation({
    mutationFn: () =>
      answer(api.POST("/m/v1/me/reward-orders/{order}/codes", { params: { path: { order: order.id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["me"] }),
  });
  const codes = showing.data?.codes;
  return (
    <section className="surface stack" aria-live="polite">
      <h2>{t("code.title", { count: order.codes })}</h2>
      {codes ? (
        <ul className="reward-codes">
          {codes.map((code, place) => (
            <li key={code}>
              <code>{code}</code>
              <CopyButton
                text={code}
                label={codes.length > 1 ? t("code.copyOne", { place: place + 1 }) : t("code.copy")}
              />
            </li>
          ))}
        </ul>
      ) : (
        <>
          <p className="quiet">{order.codes_seen ? t("code.again") : t("code.warn")}</p>
          {showing.isError && <ProblemNote problem={fromThrown(showing.error)} />}
          <Button busy={showing.isPending} onClick={() => showing.mutate()}>
            {t("code.show")}
          </Button>
        </>
      )}
    </section>
  );
}
