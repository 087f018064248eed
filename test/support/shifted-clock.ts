/**
 * Preloaded (`--import`) into a program whose clock is wrong: `Date` runs `CLOCK_SHIFT_MS` ahead of this machine, and a
 * message `{shiftMs}` from the parent sets the shift anew, as when somebody sets the clock or the machine slept.
 */
const RealDate = Date;
let shiftMs = Number(process.env['CLOCK_SHIFT_MS'] ?? 0);
const now = (): number => RealDate.now() + shiftMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
});

process.on('message', (message: { shiftMs?: number }) => {
  if (message.shiftMs === undefined) return;
  shiftMs = message.shiftMs;
  process.send?.({ shiftMs });
});
// The program ends when it has nothing to do, although its parent could still set the clock.
process.channel?.unref();
