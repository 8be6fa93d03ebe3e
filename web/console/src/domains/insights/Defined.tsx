import { InfoCircleOutlined } from "@ant-design/icons";
import { NONE } from "@regulars/shared/format/numbers";
import { said } from "@regulars/shared/session/plan";
import { Button, Popover } from "antd";
import { useTranslation } from "react-i18next";
import type { About } from "./queries";

type Props = { metric: string; about: About /** More to know of this very number. */; note?: string };

/** What a number is: the server's own definition, its denominator, window, zone and version, behind a small button. */
export function Defined({ metric, about, note }: Props) {
  const { t } = useTranslation("insights");
  const found = about.definitions.find((one) => one.name === metric);
  if (found === undefined) {
    return null;
  }
  const label = said(found.label);
  const { from_day, to_day } = about.filters;
  const facts = [
    [t("defined.of"), found.of ? said(found.of) : null],
    [
      t("defined.window"),
      t("defined.range", { from: from_day ?? about.first_day ?? NONE, to: to_day ?? about.last_day ?? NONE }),
    ],
    [t("defined.zone"), about.zone],
    [t("defined.version"), String(found.version)],
  ];
  const content = (
    <div className="insights-defined">
      <p>{said(found.text)}</p>
      {note && <p>{note}</p>}
      <dl>
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </div>
  );
  return (
    <Popover trigger="click" title={label} content={content}>
      <Button
        type="text"
        size="small"
        className="insights-info"
        icon={<InfoCircleOutlined />}
        aria-label={t("defined.what", { label })}
      />
    </Popover>
  );
}
