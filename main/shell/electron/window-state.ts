/** Where the window stood when it was closed, beside Chromium's files. Invariant: it comes back where somebody can see it. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { screen, type BrowserWindow, type Rectangle } from 'electron';
import { z } from 'zod';

const px = z.number().int().min(-100_000).max(100_000);
const stateSchema = z.object({ bounds: z.object({ x: px, y: px, width: px, height: px }), isMaximized: z.boolean() });
type WindowState = z.infer<typeof stateSchema>;

const MIN = { width: 720, height: 480 };
const USUAL = { width: 1280, height: 820 };
/** So much of it has to be on a screen, or it could not be moved with a mouse. */
const SEEN_PX = 80;
const WRITE_AFTER_MS = 500;

export type Placement = Partial<Rectangle> & { width: number; height: number; isMaximized: boolean };

export function readPlacement(file: string): Placement {
  const state = readState(file);
  if (!state) return { ...USUAL, isMaximized: false };
  const { x, y } = state.bounds;
  const width = Math.max(MIN.width, state.bounds.width);
  const height = Math.max(MIN.height, state.bounds.height);
  const isSeen = screen.getAllDisplays().some(({ workArea }) => overlap(x, width, workArea.x, workArea.width) >= SEEN_PX && y >= workArea.y && y < workArea.y + workArea.height - SEEN_PX / 2);
  return { ...(isSeen && { x, y }), width, height, isMaximized: state.isMaximized };
}

/** Writes where it stands whenever it was moved. */
export function keepPlacement(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    clearTimeout(timer);
    if (window.isDestroyed() || window.isMinimized()) return;
    const state: WindowState = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
    try {
      writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch {
      // It opens next time where it usually does.
    }
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(write, WRITE_AFTER_MS);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('close', write);
}

/** Anything else that may stand there counts as nothing. */
function readState(file: string): WindowState | null {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

const overlap = (from: number, length: number, otherFrom: number, otherLength: number): number => Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom);
