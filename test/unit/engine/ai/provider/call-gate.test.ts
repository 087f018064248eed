import { expect, it } from 'vitest';
import type { FailureClass } from '../../../../../contract/ai/ai-words.ts';
import { BREAKER, createCallGate, type CallPriority } from '../../../../../main/engine/ai/provider/call-gate.ts';
import type { LlmOutcome } from '../../../../../main/engine/ai/provider/llm-provider.ts';

const FACTS = { modelAnswered: null, fingerprint: null, requestId: null, usage: null, firstTokenMs: null, totalMs: 0, retries: 0 };
const ok: LlmOutcome = { ...FACTS, status: 'ok', text: 'x' };
const failed = (failureClass: FailureClass): LlmOutcome => ({ ...FACTS, status: 'failed', failure: { class: failureClass, status: null, retryAfterMs: null, detail: '' }, partial: '' });
const never = new AbortController().signal;

it('two at once, what a person waits for first', async () => {
  const gate = createCallGate({ now: () => 0 });
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const run = (priority: CallPriority, name: string, signal = never): Promise<LlmOutcome> =>
    gate.run(priority, signal, () => {
      order.push(name);
      return new Promise((resolve) => ends.push(() => resolve(ok)));
    });
  const cancelled = new AbortController();
  const all = [
    run('background', 'b1'),
    run('background', 'b2'),
    run('background', 'b3'),
    run('auto', 'a1'),
    run('interactive', 'i1'),
    run('interactive', 'i2', cancelled.signal),
    run('interactive', 'i3'),
  ];
  await Promise.resolve();
  expect(order).toEqual(['b1', 'b2']);
  cancelled.abort();
  expect(await all[5]).toMatchObject({ status: 'cancelled' });
  for (let done = 0; done < 6; done++) {
    ends[done]?.();
    await all[['b1', 'b2', 'b3', 'a1', 'i1', '-', 'i3'].indexOf(order[done] ?? '')];
    await Promise.resolve();
  }
  expect(order).toEqual(['b1', 'b2', 'i1', 'i3', 'a1', 'b3']);
});

it('a call that throws gives its place back', async () => {
  const gate = createCallGate({ now: () => 0 });
  for (let turn = 0; turn < 3; turn++) await expect(gate.run('auto', never, () => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
  expect(await gate.run('auto', never, async () => ok)).toBe(ok);
});

it('five failures within a minute stop all calls for a minute, then one tries', async () => {
  let now = 0;
  let calls = 0;
  const gate = createCallGate({ now: () => now });
  const run = (outcome: LlmOutcome): Promise<LlmOutcome> =>
    gate.run('interactive', never, async () => {
      calls++;
      return outcome;
    });
  for (let turn = 0; turn < 4; turn++) await run(failed('offline'));
  now = BREAKER.withinMs;
  await run(failed('offline'));
  expect(gate.openForMs()).toBe(0);
  for (let turn = 0; turn < 4; turn++) await run(failed('timeout_idle'));
  expect(gate.openForMs()).toBe(BREAKER.openMs);
  expect(await run(ok)).toMatchObject({ status: 'failed', failure: { class: 'timeout_idle', retryAfterMs: BREAKER.openMs, detail: 'breaker_open' } });
  expect(calls).toBe(9);

  now += BREAKER.openMs;
  let end: (outcome: LlmOutcome) => void = () => {};
  const trying = gate.run('auto', never, () => new Promise((resolve) => (end = resolve)));
  await Promise.resolve();
  expect(await run(ok)).toMatchObject({ status: 'failed', failure: { detail: 'breaker_open' } });
  end(failed('offline'));
  await trying;
  expect(gate.openForMs()).toBe(BREAKER.openMs);
  now += BREAKER.openMs;
  expect(await run(ok)).toBe(ok);
  expect(await run(ok)).toBe(ok);
});

it('what waiting does not mend never stops anybody', async () => {
  const gate = createCallGate({ now: () => 0 });
  for (const failureClass of ['auth', 'quota', 'model_missing', 'rate_limited', 'empty', 'truncated'] as const) await gate.run('auto', never, async () => failed(failureClass));
  expect(gate.openForMs()).toBe(0);
});
