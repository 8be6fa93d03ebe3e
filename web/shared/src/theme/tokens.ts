import type { Mode } from "./mode";

/**
 * The colours everything is made of. Warm paper and ink, and one accent: jade. Text colours reach 4.5:1 on every surface they stand on,
 * `edge`, which says where a control is, 3:1.
 */
export type Palette = {
  accent: string;
  accentHover: string;
  accentSoft: string;
  onAccent: string;
  ground: string;
  surface: string;
  raised: string;
  line: string;
  lineSoft: string;
  edge: string;
  ink: string;
  inkSoft: string;
  inkFaint: string;
  good: string;
  warn: string;
  bad: string;
  info: string;
  series: readonly string[];
};

const LIGHT: Palette = {
  accent: "#17695a",
  accentHover: "#0f5347",
  accentSoft: "#e4efea",
  onAccent: "#ffffff",
  ground: "#f6f3ee",
  surface: "#fffdfa",
  raised: "#ffffff",
  line: "#e2dcd2",
  lineSoft: "#eee9e1",
  edge: "#968b7c",
  ink: "#24201b",
  inkSoft: "#5f574d",
  inkFaint: "#6f675c",
  good: "#2c7a3f",
  warn: "#8f5a06",
  bad: "#b3322b",
  info: "#2f5f8f",
  series: ["#17695a", "#c4703a", "#3f6d9e", "#a8892c", "#8b4a6b", "#6b8f3f", "#5d5a8c", "#7a6a58"],
};

const DARK: Palette = {
  accent: "#62bda6",
  accentHover: "#7fd0bb",
  accentSoft: "#1d332d",
  onAccent: "#0c1a16",
  ground: "#151311",
  surface: "#1d1a17",
  raised: "#25211d",
  line: "#38322b",
  lineSoft: "#2b2621",
  edge: "#7a7064",
  ink: "#ece6dd",
  inkSoft: "#b5ab9d",
  inkFaint: "#a0968a",
  good: "#7cc48c",
  warn: "#e0ac55",
  bad: "#ef8d83",
  info: "#86b4e0",
  series: ["#62bda6", "#e09a6a", "#86b4e0", "#d4b95c", "#cf8fb0", "#a5c878", "#a5a1da", "#bcab96"],
};

/** The colours of a mode. */
export function palette(mode: Mode): Palette {
  return mode === "dark" ? DARK : LIGHT;
}

/** One font for Latin letters and digits, then whatever the device has for Chinese. */
export const FONT =
  '"Figtree Variable", system-ui, -apple-system, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", sans-serif';

/** Makes the colours known to style sheets: `inkSoft` is `var(--ink-soft)`. */
export function applyPalette(mode: Mode): void {
  const root = document.documentElement;
  root.dataset.mode = mode;
  root.style.colorScheme = mode;
  for (const [name, value] of Object.entries(palette(mode))) {
    if (typeof value === "string") {
      root.style.setProperty(`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value);
    }
  }
}
