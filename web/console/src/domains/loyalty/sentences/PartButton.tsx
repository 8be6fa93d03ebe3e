import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";

type Props = { at: string; label: string; onClick: () => void };

/** Adds a part to a sentence. */
export function PartButton({ at, label, onClick }: Props) {
  return (
    <Button size="small" type="dashed" icon={<PlusOutlined />} data-at={`+${at}`} onClick={onClick}>
      {label}
    </Button>
  );
}
