import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";

/** Takes a part out of a sentence. */
export function TakeAway({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <>
      {"\u00a0"}
      <Button size="small" type="text" icon={<CloseOutlined />} aria-label={label} title={label} onClick={onClick} />
    </>
  );
}
