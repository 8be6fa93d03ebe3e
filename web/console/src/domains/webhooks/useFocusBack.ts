import { useEffect, useState } from "react";

/** When the component goes, the focus is again where it was when it came: for dialogs that are taken away instead of being closed. */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // After the dialog has let go of the focus.
      setTimeout(() => {
        if (before instanceof HTMLElement && before.isConnected) {
          before.focus();
        }
      });
    },
    [before],
  );
}
