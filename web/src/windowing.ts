/** Window and level: how stored values become grey. */

export interface Window {
  readonly center: number;
  readonly width: number;
}

export interface Preset extends Window {
  readonly name: string;
}

/** Usual windows of CT, in Hounsfield units. */
export const CT_PRESETS: readonly Preset[] = [
  { name: "Soft tissue", center: 40, width: 400 },
  { name: "Lung", center: -600, width: 1500 },
  { name: "Bone", center: 500, width: 2000 },
  { name: "Brain", center: 40, width: 80 },
];

/** So many pixels to the right double the width. */
const DOUBLING_PIXELS = 200;

/** Used to begin a drag where neither header nor server said a window. */
export const UNKNOWN: Window = { center: 128, width: 256 };

/**
 * Return the window after a drag of so many pixels: to the right is wider, upwards brighter.
 * Both go in shares of the width, so that a drag feels the same for 80 and for 4000.
 */
export function dragged(from: Window, right: number, down: number): Window {
  const step = Math.max(0.01, from.width / 256);
  return rounded({
    center: from.center + down * step,
    width: from.width * 2 ** (right / DOUBLING_PIXELS),
  });
}

/** Return the window after a press of a key: shares of the width. */
export function nudged(from: Window, wider: number, brighter: number): Window {
  return rounded({
    center: from.center - brighter * 0.05 * from.width,
    width: from.width * (1 + 0.1 * wider),
  });
}

/** Return the text that requests carry, `C,W`; empty: as the header says. */
export function windowText(window: Window | null): string {
  return window === null ? "" : `${window.center},${window.width}`;
}

function rounded({ center, width }: Window): Window {
  const digits = width < 10 ? 100 : 1;
  const round = (value: number) => Math.round(value * digits) / digits;
  return { center: round(center), width: Math.max(1 / digits, round(width)) };
}
