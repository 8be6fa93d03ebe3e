import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { focusSoon } from "./focusSoon";
import { faultsId, fieldOf, type Item } from "./item";

/** What the check says of an item; each fault leads to the control that it names. */
export function ItemFaults({ item }: { item: Item }) {
  const { t } = useTranslation(["sentences", "tiers"]);
  const own = fieldOf(item.at).length + 1;
  return (
    <div id={faultsId(item)} role="alert">
      <ul className="loyalty-faults">
        {item.faults.map((fault) => (
          <li key={`${fault.field} ${fault.expected}`}>
            <Button type="link" size="small" onClick={() => focusSoon(fault.field)}>
              <code>{fault.field.slice(own) || t("sentences:whole")}</code>
            </Button>
            <p className="field-fault">{t("tiers:fault", { expected: fault.expected })}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
