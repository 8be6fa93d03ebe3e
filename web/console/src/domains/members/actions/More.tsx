import { Button } from "antd";
import { useTranslation } from "react-i18next";

type Paged = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

/** More rows on demand; nothing where there are none. */
export function More({ query }: { query: Paged }) {
  const { t } = useTranslation("members");
  return query.hasNextPage ? (
    <Button size="small" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {t("more")}
    </Button>
  ) : null;
}
