import { said } from "@regulars/shared/session/plan";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { ColumnsPanel } from "./ColumnsPanel";
import { Findings } from "./Findings";
import { FirstRows } from "./FirstRows";
import { OptionsPanel } from "./OptionsPanel";
import { StepBody } from "./StepBody";
import { fileSize } from "./size";
import type { Choices, Preview, Wish } from "./wish";

type Props = {
  preview: Preview;
  wish: Wish;
  choices: Choices;
  looking: boolean;
  onChange: (change: Wish) => void;
  onNext: () => void;
  onOther: () => void;
};

/** What each column means and how the file is to be read; whatever is changed is looked at again at once. */
export function MappingStep({ preview, wish, choices, looking, onChange, onNext, onOther }: Props) {
  const { t } = useTranslation("orders");
  return (
    <StepBody label={t("step.mapping")}>
      <p className="orders-file">
        <strong>{preview.file.name}</strong>
        <span className="quiet">
          {[fileSize(preview.file.size), preview.kind, ...preview.notes.map(said)].join(" · ")}
        </span>
        <Button type="link" size="small" onClick={onOther}>
          {t("file.other")}
        </Button>
      </p>
      <div className={looking ? "orders-mapping looking" : "orders-mapping"} aria-busy={looking}>
        <div>
          <ColumnsPanel preview={preview} choices={choices} onChange={onChange} />
          <FirstRows preview={preview} choices={choices} />
        </div>
        <div>
          <Findings preview={preview} choices={choices} />
          <OptionsPanel preview={preview} wish={wish} choices={choices} onChange={onChange} />
        </div>
      </div>
      <div className="orders-ways">
        <Button type="primary" disabled={!preview.ready || looking} onClick={onNext}>
          {t("new.next")}
        </Button>
        {!preview.ready && <span className="quiet">{t("findings.blocked")}</span>}
      </div>
    </StepBody>
  );
}
