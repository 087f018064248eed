/**
 * What is fuzzed: everything that comes from outside, by the parsers and programs that really read it. An input may be refused; it may not throw, hang,
 * answer 5xx, or leave something behind that a sound input suffers from.
 */
import type { Random } from '../../main/demo/meta/random.ts';

export type Target = {
  name: string;
  /** What reads it. */
  by: string;
  /** Of the campaign. */
  inputs: number;
  /** Inputs in `npm test`. */
  few: number;
  /** No input may take longer; ms of the processor. What waits without working is found by the campaign's watchdog. */
  withinMs: number;
  open(): Promise<Opened> | Opened;
};
export type Opened = {
  /** Draws one input and feeds it. @throws where it is a fault. */
  feed(random: Random): Promise<void> | void;
  /** Looks whether what was fed is still sound. */
  judge?(): Promise<void> | void;
  close?(): PromiseLike<void> | void;
  /** The last input, to be shown with a fault. */
  last(): unknown;
};
