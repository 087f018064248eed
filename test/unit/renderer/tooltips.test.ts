/** Which tooltip is open: after a rest, at once beside one that was, never two, and none for whoever presses. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTooltips, type Tooltips } from '../../../renderer/ui/tooltips.ts';

const page = new EventTarget();
const trigger = {} as HTMLElement;
let tooltips: Tooltips;
let open: string[];
const make = (name: string) => (at: HTMLElement | null) => {
  open = at ? [...open, name] : open.filter((one) => one !== name);
};
const [save, send] = [make('save'), make('send')];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', page);
  tooltips = createTooltips();
  open = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('the first opens after a rest of the pointer, the next one at once and in its place', () => {
  tooltips.point(save, trigger);
  vi.advanceTimersByTime(449);
  expect(open).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(open).toEqual(['save']);
  tooltips.leave();
  tooltips.point(send, trigger);
  expect(open).toEqual(['send']);
  tooltips.leave();
  vi.advanceTimersByTime(100);
  expect(open).toEqual([]);
  tooltips.point(save, trigger);
  expect(open, 'one was open just now').toEqual(['save']);
});

test('it stays while the pointer is on it, and whoever only passes sees none', () => {
  tooltips.point(save, trigger);
  tooltips.leave();
  vi.advanceTimersByTime(1_000);
  expect(open).toEqual([]);
  tooltips.focus(save, trigger);
  tooltips.leave();
  tooltips.stay();
  vi.advanceTimersByTime(1_000);
  expect(open).toEqual(['save']);
});

test.each(['pointerup', 'pointercancel'])('a press shuts it, and what gets the keyboard by the press opens none, until %s', (end) => {
  tooltips.focus(save, trigger);
  tooltips.press();
  expect(open).toEqual([]);
  tooltips.focus(send, trigger);
  expect(open).toEqual([]);
  page.dispatchEvent(new Event(end));
  tooltips.focus(send, trigger);
  expect(open).toEqual(['send']);
});

test('what is pressed says no more until the pointer comes back', () => {
  tooltips.point(save, trigger);
  vi.advanceTimersByTime(450);
  tooltips.press();
  page.dispatchEvent(new Event('pointerup'));
  tooltips.point(save, trigger);
  vi.advanceTimersByTime(1_000);
  expect(open).toEqual([]);
  tooltips.leave();
  vi.advanceTimersByTime(1_000);
  tooltips.point(save, trigger);
  vi.advanceTimersByTime(450);
  expect(open).toEqual(['save']);
});

test('of a trigger that is gone nothing opens any more', () => {
  const shown = vi.fn<(at: HTMLElement | null) => void>();
  tooltips.point(shown, trigger);
  tooltips.forget(shown);
  vi.advanceTimersByTime(1_000);
  tooltips.close();
  expect(shown).not.toHaveBeenCalled();
});
