import { CheckCircleOutlined, LoadingOutlined } from "@ant-design/icons";
import { ProblemNote } from "@regulars/shared/desk/ProblemNote";
import { NONE } from "@regulars/shared/format/numbers";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Placed, useCheck } from "./useCheck";

/** What the check found: each fault with its place, which a click goes to. */
export function CheckNote({ check, onGo }: { check: ReturnType<typeof useCheck>; onGo: (line: number) => void }) {
  const { t } = useTranslation("programme");
  if (check.problem) {
    return <ProblemNote problem={check.problem} />;
  }
  return (
    <div role="status" className="loyalty-check">
      {check.faults.length > 0 ? (
        <p className="bad">{t("check.faults", { count: check.faults.length })}</p>
      ) : check.checking ? (
        <p className="quiet">
          <LoadingOutlined /> {t("check.running")}
        </p>
      ) : (
        check.valid && (
          <p className="loyalty-valid">
            <CheckCircleOutlined /> {t("check.valid")}
          </p>
        )
      )}
      {check.faults.length > 0 && (
        <ul className="loyalty-faults">
          {check.faults.map((fault) => (
            <FaultRow key={`${fault.field} ${fault.expected}`} fault={fault} onGo={onGo} />
          ))}
        </ul>
      )}
    </div>
  );
}

function FaultRow({ fault, onGo }: { fault: Placed; onGo: (line: number) => void }) {
  const { t } = useTranslation("programme");
  return (
    <li>
      <Button type="link" size="small" disabled={fault.line < 0} onClick={() => onGo(fault.line)}>
        <code>{fault.field}</code>
        {fault.line >= 0 && <span className="quiet">{t("check.line", { line: fault.line + 1 })}</span>}
      </Button>
      <p>{t("check.found", { value: fault.value || NONE })}</p>
      <p>{t("check.expected", { expected: fault.expected })}</p>
    </li>
  );
}
