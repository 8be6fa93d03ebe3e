import { Tag, type Tone } from "@regulars/shared/desk/Tag";
import type { Column } from "@regulars/shared/desk/table/columns";
import { Who } from "@regulars/shared/desk/Who";
import { ago, day, instant } from "@regulars/shared/format/dates";
import { NONE } from "@regulars/shared/format/numbers";
import { Button } from "antd";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Key } from "./KeysPage";

const TONES: Record<Key["state"], Tone> = { active: "good", expired: "quiet", revoked: "bad" };

/** The columns of the keys. */
export function useKeyColumns(onRevoke: (key: Key) => void): readonly Column<Key>[] {
  const { t } = useTranslation("operators");
  return useMemo(
    () => [
      { key: "name", title: t("keys.name"), always: true, width: 170, render: (key) => <strong>{key.name}</strong> },
      {
        key: "state",
        title: t("field.state"),
        width: 110,
        render: (key) => <Tag tone={TONES[key.state]}>{t(`keyState.${key.state}`)}</Tag>,
      },
      {
        key: "scopes",
        title: t("keys.scopes"),
        width: 240,
        render: (key) => <code className="operators-scopes">{key.scopes.join(", ")}</code>,
      },
      {
        key: "stores",
        title: t("keys.stores"),
        width: 130,
        render: (key) => key.stores.join(", ") || t("keys.everywhere"),
      },
      {
        key: "last_used_at",
        title: t("keys.lastUsed"),
        width: 140,
        render: (key) => <time title={instant(key.last_used_at)}>{ago(key.last_used_at)}</time>,
      },
      { key: "created_by", title: t("keys.createdBy"), width: 120, render: (key) => <Who id={key.created_by} /> },
      {
        key: "created_at",
        title: t("field.createdAt"),
        width: 120,
        hidden: true,
        render: (key) => day(key.created_at),
      },
      {
        key: "expires_at",
        title: t("keys.expires"),
        width: 120,
        render: (key) => (key.expires_at ? day(key.expires_at) : NONE),
      },
      { key: "id", title: t("field.id"), width: 290, hidden: true, render: (key) => <code>{key.id}</code> },
      {
        key: "actions",
        title: t("keys.actions"),
        always: true,
        width: 110,
        render: (key) =>
          key.state === "active" ? (
            <Button
              size="small"
              danger
              aria-label={t("keys.revokeOf", { name: key.name })}
              onClick={() => onRevoke(key)}
            >
              {t("keys.revoke")}
            </Button>
          ) : (
            NONE
          ),
      },
    ],
    [t, onRevoke],
  );
}
