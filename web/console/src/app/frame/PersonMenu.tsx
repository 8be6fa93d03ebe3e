import { answer, api } from "@regulars/shared/api/client";
import { useReplaceSession, useSession } from "@regulars/shared/session/session";
import { useMutation } from "@tanstack/react-query";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";

/** Who is signed in, and the way out. */
export function PersonMenu({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation("common");
  const session = useSession();
  const replace = useReplaceSession();
  const leaving = useMutation({
    mutationFn: () => answer(api.DELETE("/v1/session")),
    onSuccess: () => replace(null),
  });
  const name = session.operator?.name ?? session.id;
  const items = [
    { key: "who", label: `${name} · ${session.operator?.login ?? ""}`, disabled: true },
    { key: "help", label: t("shortcuts.title"), onClick: onHelp },
    { key: "docs", label: <a href="/docs">{t("person.docs")}</a> },
    { type: "divider" as const },
    { key: "leave", label: t("person.signOut"), onClick: () => leaving.mutate() },
  ];
  return (
    <Dropdown menu={{ items }} trigger={["click"]} placement="bottomRight">
      <Button type="text" className="person" aria-label={t("person.menu", { name })}>
        <span className="person-mark" aria-hidden="true">
          {[...name][0]?.toUpperCase()}
        </span>
      </Button>
    </Dropdown>
  );
}
