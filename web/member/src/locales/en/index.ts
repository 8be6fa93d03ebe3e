import { byNamespace } from "@regulars/shared/i18n/start";
import shared from "@regulars/shared/locales/en/index";

export default {
  ...shared,
  ...byNamespace(import.meta.glob("./*.json", { eager: true, import: "default" })),
};
