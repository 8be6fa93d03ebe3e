import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "../api/problem";
import { ProblemNote } from "./ProblemNote";

/** One thing that will be different. */
export type Change = { label: string; before: ReactNode; after: ReactNode };

type Props = {
  open: boolean;
  title: string;
  /** What happens, in a sentence or two, with its numbers. */
  children: ReactNode;
  changes?: readonly Change[];
  /** Only for what cannot be undone: has to be typed. */
  typeName?: string;
  confirm: string;
  danger?: boolean;
  busy?: boolean;
  problem?: Problem | null;
  onConfirm: () => void;
  onCancel: () => void;
};

/** Asks before something that touches money or people, and shows what would be different. */
export function ConfirmImpact(props: Props) {
  const { t } = useTranslation("ui");
  const [typed, setTyped] = useState("");
  const blocked = props.typeName !== undefined && typed.trim() !== props.typeName;
  return (
    <Modal
      open={props.open}
      title={props.title}
      okText={props.confirm}
      cancelText={t("action.cancel")}
      okButtonProps={{ danger: props.danger ?? false, disabled: blocked, loading: props.busy ?? false }}
      onOk={props.onConfirm}
      onCancel={props.onCancel}
      afterClose={() => setTyped("")}
      destroyOnHidden
    >
      <div className="impact">{props.children}</div>
      {props.changes && props.changes.length > 0 && <Changes changes={props.changes} />}
      {props.typeName !== undefined && (
        <label className="impact-type" htmlFor="impact-typed">
          {t("impact.type", { name: props.typeName })}
          <Input
            id="impact-typed"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
          />
        </label>
      )}
      {props.problem && <ProblemNote problem={props.problem} />}
    </Modal>
  );
}

function Changes({ changes }: { changes: readonly Change[] }) {
  const { t } = useTranslation("ui");
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <td />
          <th scope="col">{t("impact.before")}</th>
          <th scope="col">{t("impact.after")}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.label}>
            <th scope="row">{change.label}</th>
            <td>{change.before}</td>
            <td>
              <strong>{change.after}</strong>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
