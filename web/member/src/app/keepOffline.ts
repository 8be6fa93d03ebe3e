/** The pages' files stay on this device, so that the member code opens without a connection. Nothing happens where browsers can't. */
export async function keepOffline(): Promise<void> {
  if (!(import.meta.env.PROD && "serviceWorker" in navigator)) {
    return;
  }
  try {
    await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}sw.js`);
    const { active } = await navigator.serviceWorker.ready;
    await import("../domains/members/CodePage");
    const files = performance
      .getEntriesByType("resource")
      .map((entry) => entry.name)
      .filter((name) => name.includes("/my/assets/"));
    active?.postMessage({ keep: [...new Set(files)] });
  } catch {
    // The pages work all the same, with a connection.
  }
}
