import { byNamespace } from "../../i18n/start";

export default byNamespace(import.meta.glob("./*.json", { eager: true, import: "default" }));
