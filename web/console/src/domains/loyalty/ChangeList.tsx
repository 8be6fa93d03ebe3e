import { Tag, type Tone } from "@regulars/shared/desk/Tag";
import { said } from "@regulars/shared/session/plan";
import { useTranslation } from "react-i18next";
import type { Change } from "./versions";

const TONES: Record<Change["kind"], Tone> = { added: "good", removed: "bad", changed: "warn", moved: "info" };

/** What differs between two versions, each in words: as it was, as it becomes. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  const { t } = useTranslation("programme");
  if (changes.length === 0) {
    return <p className="quiet">{t("compare.same")}</p>;
  }
  return (
    <ul className="loyalty-changes">
      {changes.map((change) => (
        <li key={`${change.path} ${change.kind}`}>
          <p className="loyalty-change-head">
            <Tag tone={TONES[change.kind]}>{t(`kind.${change.kind}`)}</Tag>
            <strong>{said(change.title)}</strong>
            <code className="quiet">{change.path}</code>
          </p>
          {change.before && (
            <p className="loyalty-before">
              <del>{said(change.before)}</del>
            </p>
          )}
          {change.after && (
            <p className="loyalty-after">
              <ins>{said(change.after)}</ins>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
