import type { Answer } from "@regulars/shared/api/client";
import { Tag, type Tone } from "@regulars/shared/desk/Tag";
import type { Column } from "@regulars/shared/desk/table/columns";
import { day, instant } from "@regulars/shared/format/dates";
import { NONE } from "@regulars/shared/format/numbers";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

export type Member = Answer<"/v1/members/{member}", "get">;
export type Status = Member["status"];
export const STATUSES = ["active", "closed", "erased"] as const satisfies readonly Status[];

const TONES: Record<Status, Tone> = { active: "good", closed: "quiet", erased: "warn" };

/** The columns of the members list. */
export function useMemberColumns(): readonly Column<Member>[] {
  const { t } = useTranslation("members");
  return useMemo(
    () => [
      {
        key: "member",
        title: t("field.member"),
        always: true,
        width: 220,
        render: (member) => <Link to={`/members/${member.id}`}>{member.name ?? member.external_id ?? member.id}</Link>,
      },
      {
        key: "external_id",
        title: t("field.externalId"),
        width: 140,
        render: (member) => <span className="num">{member.external_id ?? NONE}</span>,
      },
      {
        key: "phone",
        title: t("field.phone"),
        width: 150,
        render: (member) => <span className="num">{member.phone ?? NONE}</span>,
      },
      { key: "email", title: t("field.email"), width: 190, hidden: true, render: (member) => member.email ?? NONE },
      { key: "status", title: t("field.status"), width: 110, render: (member) => <StatusTag status={member.status} /> },
      {
        key: "joined_at",
        title: t("field.joinedAt"),
        width: 140,
        render: (member) => <time title={instant(member.joined_at)}>{day(member.joined_at)}</time>,
      },
      { key: "store", title: t("field.store"), width: 140, render: (member) => member.store || NONE },
      { key: "source", title: t("field.source"), width: 140, render: (member) => member.source },
      { key: "locale", title: t("field.locale"), width: 100, hidden: true, render: (member) => member.locale || NONE },
      { key: "id", title: t("field.id"), width: 290, hidden: true, render: (member) => <code>{member.id}</code> },
    ],
    [t],
  );
}

/** A member's status as a coloured word. */
export function StatusTag({ status }: { status: Status }) {
  const { t } = useTranslation("members");
  return <Tag tone={TONES[status]}>{t(`status.${status}`)}</Tag>;
}
