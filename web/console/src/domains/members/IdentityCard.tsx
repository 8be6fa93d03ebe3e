import { Panel } from "@regulars/shared/desk/Page";
import { Tag } from "@regulars/shared/desk/Tag";
import { instant, longDay } from "@regulars/shared/format/dates";
import { NONE } from "@regulars/shared/format/numbers";
import { useMay } from "@regulars/shared/session/session";
import { useTranslation } from "react-i18next";
import { type Card, calledBy } from "./people";
import { Reveal, useRevealed } from "./Reveal";
import { StatusTag } from "./StatusTag";
import { useTopics } from "./topics";
import { useStores } from "./useStores";

/** Who the member is, personal fields masked until somebody says why they need them, with what was agreed to. */
export function IdentityCard({ card }: { card: Card }) {
  const { t } = useTranslation("members");
  const may = useMay();
  const { storeOf } = useStores();
  const { person } = card;
  const revealed = useRevealed(person.id);
  const shown = revealed.details ?? { ...person, birthday: card.birthday };
  const facts = [
    ["name", shown.name],
    ["phone", shown.phone],
    ["email", shown.email],
    ["birthday", shown.birthday],
    ["externalId", person.external_id],
    ["store", person.store && storeOf(person.store)],
    ["source", person.source],
  ] as const;
  const hidden = person.name !== null || person.phone !== null || person.email !== null || card.birthday !== null;
  return (
    <Panel
      title={t("one.identity")}
      extra={hidden && may("members.reveal") && <Reveal name={calledBy(person)} revealed={revealed} />}
    >
      <p className="members-marks">
        <StatusTag status={person.status} />
        {person.held_out && <Tag tone="info">{t("group.held")}</Tag>}
      </p>
      {person.held_out && <p className="quiet">{t("group.explained")}</p>}
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
            <time title={instant(person.joined_at)}>{longDay(person.joined_at)}</time>
          </dd>
        </div>
      </dl>
      <Chips consents={card.consents} />
    </Panel>
  );
}

function Chips({ consents }: { consents: Card["consents"] }) {
  const { t } = useTranslation("members");
  const { topic } = useTopics();
  if (consents.length === 0) {
    return <p className="quiet members-chips">{t("consents.none")}</p>;
  }
  return (
    <ul className="members-chips" aria-label={t("tab.consents")}>
      {consents.map((one) => (
        <li key={`${one.purpose}/${one.channel}`} title={`${instant(one.at)} · ${one.source}`}>
          <Tag tone={one.granted ? "good" : "quiet"}>
            {t(one.granted ? "consents.yesTo" : "consents.noTo", { what: topic(one) })}
          </Tag>
        </li>
      ))}
    </ul>
  );
}
