/** The room that a picture takes in a bubble, px: its own proportions within limits, a fixed box where its size is not known. */
import type { Media } from '../../../contract/whatsapp/message-content.ts';

const WIDTH_MAX = 320;
const WIDTH_MIN = 160;
const HEIGHT_MAX = 360;
const HEIGHT_MIN = 120;
const UNKNOWN = { width: 280, height: 210 };

const within = (value: number, least: number, most: number): number => Math.round(Math.min(Math.max(value, least), most));

export function pictureBox({ width, height }: Pick<Media, 'width' | 'height'>): { width: number; height: number } {
  if (width === null || height === null) return UNKNOWN;
  const scale = Math.min(1, WIDTH_MAX / width, HEIGHT_MAX / height);
  return { width: within(width * scale, WIDTH_MIN, WIDTH_MAX), height: within(height * scale, HEIGHT_MIN, HEIGHT_MAX) };
}
