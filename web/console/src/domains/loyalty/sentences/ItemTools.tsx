import { ArrowDownOutlined, ArrowUpOutlined, CopyOutlined, DeleteOutlined, EditOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { fieldOf, type Item } from "./item";

export type Tool = "rename" | "duplicate" | "up" | "down" | "remove";

const ICONS: Record<Tool, ReactNode> = {
  rename: <EditOutlined />,
  duplicate: <CopyOutlined />,
  up: <ArrowUpOutlined />,
  down: <ArrowDownOutlined />,
  remove: <DeleteOutlined />,
};

type Props = { item: Item; name: string; last: boolean; renaming: boolean; onTool: (tool: Tool) => void };

/** What can be done with an item as a whole. */
export function ItemTools({ item, name, last, renaming, onTool }: Props) {
  const { t } = useTranslation("sentences");
  const off: Partial<Record<Tool, boolean>> = { up: item.index === 0, down: last };
  return (
    <span className="sentences-tools">
      {(Object.keys(ICONS) as Tool[]).map((tool) => (
        <Button
          key={tool}
          size="small"
          type="text"
          icon={ICONS[tool]}
          disabled={off[tool] ?? false}
          data-at={`${tool} ${fieldOf(item.at)}`}
          aria-label={t(`tool.${tool}`, { name })}
          title={t(`tool.${tool}`, { name })}
          {...(tool === "rename" ? { "aria-expanded": renaming } : {})}
          onClick={() => onTool(tool)}
        />
      ))}
    </span>
  );
}
