import { CopyOutlined } from "@ant-design/icons";
import { answer, api } from "@regulars/shared/api/client";
import { fromThrown } from "@regulars/shared/api/problem";
import { Failed } from "@regulars/shared/desk/states/Empties";
import { Loading } from "@regulars/shared/desk/states/Loading";
import { day } from "@regulars/shared/format/dates";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Card } from "./people";

/** The member's ids to copy, and other members who may be the same person. */
export function IdsTab({ card }: { card: Card }) {
  const { t } = useTranslation("members");
  const { person } = card;
  const ids = [
    ["id", person.id],
    ["externalId", person.external_id],
  ] as const;
  return (
    <>
      <dl className="facts members-ids">
        {ids.map(
          ([name, id]) =>
            id !== null && (
              <div key={name}>
                <dt>{t(`field.${name}`)}</dt>
                <dd>
                  <code>{id}</code> <Copy text={id} name={t(`field.${name}`)} />
                </dd>
              </div>
            ),
        )}
      </dl>
      <h3>{t("same.title")}</h3>
      {card.duplicates === 0 ? <p className="quiet">{t("same.none")}</p> : <Same member={person.id} />}
    </>
  );
}

function Copy({ text, name }: { text: string; name: string }) {
  const { t } = useTranslation("members");
  const [copied, setCopied] = useState(false);
  // Browsers hand out the clipboard only where the console is served encrypted; elsewhere the id is marked and copied by hand.
  return navigator.clipboard ? (
    <Button
      size="small"
      type="text"
      icon={<CopyOutlined />}
      aria-label={t("ids.copy", { name })}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      <span role="status">{copied ? t("ids.copied") : ""}</span>
    </Button>
  ) : null;
}

function Same({ member }: { member: string }) {
  const { t } = useTranslation("members");
  const query = useQuery({
    queryKey: ["members", "duplicates", member],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/members/{member}/duplicates", { params: { path: { member } }, signal })),
  });
  if (query.error) {
    return <Failed problem={fromThrown(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) {
    return <Loading rows={2} />;
  }
  return (
    <ul className="members-same">
      {query.data.items.map((one) => (
        <li key={`${one.member}/${one.field}`}>
          <Link to={`/members/${one.member}`}>{one.member}</Link>{" "}
          <span className="quiet">{t("same.why", { field: t(`field.${one.field}`), day: day(one.found_at) })}</span>
        </li>
      ))}
    </ul>
  );
}
