import { Skeleton } from "antd";
import { useEffect, useState } from "react";

const PATIENCE_MS = 150;

/** The shape of what is coming; only after a moment, so that a quick answer does not flicker. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" aria-busy="true">
      {visible && <Skeleton active title={false} paragraph={{ rows, width: "100%" }} />}
    </div>
  );
}
