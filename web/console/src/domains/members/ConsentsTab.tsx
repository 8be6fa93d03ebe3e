import { type Answer, answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed, NeverAny } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { Tag } from "@regulars/shared/desk/Tag";
import { instant } from "@regulars/shared/format/dates";
import { useMay } from "@regulars/shared/session/session";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { RecordConsent } from "./RecordConsent";
import { useTopics } from "./topics";

type Record = Answer<"/v1/members/{member}/consents", "get">["history"][number];

/** What the member said yes and no to: what counts now, and everything ever said with its receipt. */
export function ConsentsTab({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const may = useMay();
  const query = useQuery({
    queryKey: ["members", "consents", member],
    queryFn: ({ signal }) => answer(api.GET("/v1/members/{member}/consents", { params: { path: { member } }, signal })),
  });
  if (query.error) {
    return <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) {
    return <Loading />;
  }
  const { current, history } = query.data;
  return (
    <div className="members-consents">
      {may("members.write") && <RecordConsent member={member} current={current} />}
      {history.length === 0 ? (
        <NeverAny text={t("consents.never")} />
      ) : (
        <>
          <h3>{t("consents.now")}</h3>
          <Records records={current} label={t("consents.now")} />
          <h3>{t("consents.history")}</h3>
          <Records records={[...history].reverse()} label={t("consents.history")} />
        </>
      )}
    </div>
  );
}

function Records({ records, label }: { records: readonly Record[]; label: string }) {
  const { t } = useTranslation("members");
  const { purpose, channel } = useTopics();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <section className="members-scroll" aria-label={label} tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            {(["purpose", "channel", "answer", "at", "source", "policy"] as const).map((name) => (
              <th key={name} scope="col">
                {t(`consents.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((one) => (
            <tr key={one.receipt} title={t("consents.receipt", { receipt: one.receipt })}>
              <td>{purpose(one.purpose)}</td>
              <td>{channel(one.channel)}</td>
              <td>
                <Tag tone={one.granted ? "good" : "bad"}>{t(one.granted ? "consents.yes" : "consents.no")}</Tag>
              </td>
              <td className="members-nowrap">{instant(one.at)}</td>
              <td>{one.source}</td>
              <td>{one.policy_version}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
