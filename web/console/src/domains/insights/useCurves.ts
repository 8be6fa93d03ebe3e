import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Curve } from "./curve";
import { type Asked, useConversion } from "./queries";

/** The curves after the first purchase: both arms, or the one that is asked about. Curves of nobody are left out. */
export function useCurves(asked: Asked) {
  const { t } = useTranslation("insights");
  const rest = useConversion({ ...asked, arm: asked.arm ?? "rest" });
  const heldOut = useConversion({ ...asked, arm: asked.arm ?? "held_out" });
  const curves = useMemo<Curve[]>(() => {
    const named = (arm: "rest" | "held_out", data: typeof rest.data) => ({
      arm,
      name: t(`arm.${arm}`),
      rows: data?.curve ?? [],
    });
    const both =
      asked.arm === undefined
        ? [named("rest", rest.data), named("held_out", heldOut.data)]
        : [named(asked.arm, rest.data)];
    return both.filter((curve) => curve.rows.length > 0);
  }, [asked.arm, rest.data, heldOut.data, t]);
  return { query: rest.error || rest.isPending ? rest : heldOut, curves };
}
