import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { count } from "@regulars/shared/format/numbers";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { amountOf } from "../../mine/amounts";
import { type Me, useMe, useMine } from "../../mine/mine";
import { Button } from "../../parts/Button";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { ProblemNote } from "../../parts/ProblemNote";
import { CheckInMonth, type CheckIns } from "./CheckInMonth";

/** I was here: once a day, the days in a row, this month's days, and what it earns. */
export default function CheckInPage() {
  const { t } = useTranslation("loyalty");
  const checkIns = useMine("check-in", (signal) => answer(api.GET("/m/v1/me/check-in", { signal })));
  return (
    <Page title={t("checkIn.title")} back="/card">
      <Loaded query={checkIns} shape={[150, 300]}>
        {(data) => (
          <>
            <Today checkIns={data} />
            <CheckInMonth checkIns={data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Today({ checkIns }: { checkIns: CheckIns }) {
  const { t } = useTranslation("loyalty");
  const client = useQueryClient();
  const me = useMe().data;
  const checking = useMutation({
    mutationFn: () => answer(api.POST("/m/v1/me/check-in")),
    onSuccess: () => client.invalidateQueries({ queryKey: ["me"] }),
  });
  const { done, streak, earns } = checkIns;
  return (
    <section className="surface check-in">
      <p className="check-in-streak">
        <strong className="num">{count(streak)}</strong> {t("checkIn.streak", { count: streak })}
      </p>
      <ul className="quiet">
        {earns.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      {checking.isError && <ProblemNote problem={fromThrown(checking.error)} />}
      <p role="status" className={done ? "strip good" : "only-read"}>
        {done && (checking.data && !checking.data.duplicate ? earned(checking.data.granted, me) : t("checkIn.done"))}
      </p>
      {!done && (
        <Button busy={checking.isPending} onClick={() => checking.mutate()}>
          {t("checkIn.do")}
        </Button>
      )}
    </section>
  );

  function earned(granted: Record<string, number>, mine: Me | undefined): string {
    const amounts = Object.entries(granted).map(([unit, amount]) => {
      const balance = mine?.balances.find((one) => one.unit === unit);
      return `${amountOf(amount, balance?.currency ?? null)} ${balance?.label ?? ""}`.trim();
    });
    return amounts.length > 0 ? t("checkIn.earned", { amounts: amounts.join(" · ") }) : t("checkIn.done");
  }
}
