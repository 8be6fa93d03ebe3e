/**
 * The control that stands for a place of the document (`earning[2].cap.amount`) has the focus as soon as it is drawn; where there is none,
 * the one for what is around that place.
 */
export function focusSoon(at: string): void {
  requestAnimationFrame(() => nearest(at)?.focus());
}

function nearest(at: string): HTMLElement | null {
  const found = document.querySelector<HTMLElement>(`[data-at="${CSS.escape(at)}"]`);
  const around = at.replace(/(\.[^.[\]]+|\[\d+\])$/, "");
  return found ?? (around === at ? null : nearest(around));
}
