import { count } from "@regulars/shared/format/numbers";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

type Counted = { number: number; capped: boolean };
type Props = { queryKey: readonly unknown[]; ask: (signal: AbortSignal) => Promise<Counted | null> };

/** How many members match, asked for beside the page: counting takes longer than the page and must not hold it up. */
export function HowMany({ queryKey, ask }: Props) {
  const { t } = useTranslation("members");
  const { data } = useQuery({ queryKey, queryFn: ({ signal }) => ask(signal), staleTime: 60_000 });
  return (
    <span className="members-count num" role="status">
      {data &&
        (data.capped ? t("list.atLeast", { number: count(data.number) }) : t("list.counted", { count: data.number }))}
    </span>
  );
}
