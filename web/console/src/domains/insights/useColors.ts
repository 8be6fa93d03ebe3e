import { useMode } from "@regulars/shared/theme/mode";
import { type Palette, palette } from "@regulars/shared/theme/tokens";

/** The colours of the mode that is shown, for what a chart's option has to say itself. */
export function useColors(): Palette {
  return palette(useMode().mode);
}
