/** The browser keeps `content` as a file of this name. */
export function save(content: Blob, name: string): void {
  const href = URL.createObjectURL(content);
  Object.assign(document.createElement("a"), { href, download: name }).click();
  // The browser reads it after the click: freed at once, it would sometimes find nothing.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
