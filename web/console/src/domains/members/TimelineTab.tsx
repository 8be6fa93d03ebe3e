import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed, NeverAny, NothingMatches } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { longDay } from "@regulars/shared/format/dates";
import { useSearchValue } from "@regulars/shared/url/search";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Checkbox } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Happening } from "./Happening";
import { More } from "./More";
import { type Happened, KINDS, type Kind } from "./people";

const LIMIT = 40;

/** What happened to the member, newest first, more as one goes down; the kinds shown stand in the address. */
export function TimelineTab({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const [text, setText] = useSearchValue("kind", "");
  const kinds = useMemo(() => KINDS.filter((kind) => text.split(",").includes(kind)), [text]);
  const query = useInfiniteQuery({
    queryKey: ["members", "timeline", member, kinds],
    queryFn: ({ signal, pageParam }) =>
      answer(
        api.GET("/v1/people/{member}/timeline", {
          params: {
            path: { member },
            query: {
              limit: LIMIT,
              ...(kinds.length ? { kind: kinds } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
  const withheld = query.data?.pages[0]?.withheld ?? [];
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const clear = () => setText("");
  return (
    <div className="members-timeline">
      <fieldset>
        <legend className="members-legend">{t("timeline.kinds")}</legend>
        <Checkbox.Group
          value={kinds}
          options={KINDS.map((kind) => ({
            value: kind,
            label: t(`kind.${kind}`),
            disabled: withheld.includes(kind),
          }))}
          onChange={(next) => setText(next.join(","))}
        />
      </fieldset>
      {withheld.length > 0 && (
        <p className="quiet">
          {t("timeline.withheld", { kinds: withheld.map((kind) => t(`kind.${kind}`)).join(" · ") })}
        </p>
      )}
      {query.isError && rows.length === 0 && (
        <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Loading rows={8} />}
      {query.isSuccess && rows.length === 0 && <Nothing kinds={kinds} onClear={clear} />}
      <Days rows={rows} />
      {rows.length > 0 && (
        <More
          has={query.hasNextPage}
          busy={query.isFetchingNextPage}
          problem={query.error ? fromThrown(query.error) : null}
          onMore={() => void query.fetchNextPage()}
          end={t("timeline.end")}
        />
      )}
    </div>
  );
}

function Nothing({ kinds, onClear }: { kinds: readonly Kind[]; onClear: () => void }) {
  const { t } = useTranslation("members");
  return kinds.length > 0 ? (
    <NothingMatches filters={kinds.map((kind) => t(`kind.${kind}`)).join(", ")} onClear={onClear} />
  ) : (
    <NeverAny text={t("timeline.never")} />
  );
}

function Days({ rows }: { rows: readonly Happened[] }) {
  const days = new Map<string, Happened[]>();
  for (const row of rows) {
    const day = longDay(row.at);
    days.set(day, [...(days.get(day) ?? []), row]);
  }
  return [...days].map(([day, of]) => (
    <section key={day} className="members-day">
      <h3>{day}</h3>
      <ol>
        {of.map((row) => (
          <Happening key={row.key} row={row} />
        ))}
      </ol>
    </section>
  ));
}
