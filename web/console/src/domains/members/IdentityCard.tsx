import { Panel } from "@regulars/shared/desk/Page";
import { instant, longDay } from "@regulars/shared/format/dates";
import { NONE } from "@regulars/shared/format/numbers";
import { useTranslation } from "react-i18next";
import { type Member, StatusTag } from "./columns";

/** Who the member is; personal fields masked. */
export function IdentityCard({ member }: { member: Member }) {
  const { t } = useTranslation("members");
  const facts = [
    ["status", <StatusTag key="status" status={member.status} />],
    ["phone", member.phone],
    ["email", member.email],
    ["birthday", member.birthday],
    ["externalId", member.external_id],
    ["store", member.store],
    ["source", member.source],
  ] as const;
  return (
    <Panel title={t("one.identity")}>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`field.${name}`)}</dt>
            <dd>{value || NONE}</dd>
          </div>
        ))}
        <div>
          <dt>{t("field.joinedAt")}</dt>
          <dd>
            <time title={instant(member.joined_at)}>{longDay(member.joined_at)}</time>
          </dd>
        </div>
      </dl>
    </Panel>
  );
}
