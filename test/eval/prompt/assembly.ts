/**
 * How long it takes to put a prompt together, with the facts and passages given. It waits for nothing, so its time is that of its thread on the
 * processor: what else the machine does meanwhile does not count.
 */
import { assemblePrompt } from '../../../main/engine/ai/prompt/assemble.ts';
import { NONCE, NOW, promptInput, said } from './sample-input.ts';

const WORDS = 'buenos días quería saber cuándo llega la visita para la fosa séptica porque ayer nadie vino y mi número es 5555-1234 gracias por avisar antes de las 10:30 del viernes'.split(' ');
export type AssemblyResult = { messages: number; p50Ms: number; p95Ms: number; maxMs: number };

/** @param runs of each: everything masked, budget of 6,000 tokens and of 60,000. */
export function runAssembly(runs: number, messageCount = 500): AssemblyResult {
  const messages = Array.from({ length: messageCount }, (_, n) =>
    said(n % 3 === 0 ? 'out' : 'in', Array.from({ length: 8 + (n % 40) }, (__, w) => WORDS[(n * 7 + w * 3) % WORDS.length]).join(' '), NOW - (messageCount - n) * 60_000),
  );
  const passages = Array.from({ length: 12 }, (_, n) => ({
    articleId: `a${n}`,
    revisionId: 'v',
    passageId: `p${n}`,
    mayAutoAnswer: true,
    label: `Tema ${n}`,
    text: WORDS.join(' ').repeat(6),
    score: 10 - n / 4,
  }));
  const took: number[] = [];
  for (const inputTokens of [6_000, 60_000]) {
    const base = promptInput();
    const input = {
      ...base,
      messages,
      passages,
      settings: { ...base.settings, budget: { inputTokens, outputTokens: 350 }, masking: { cards: true, ids: true, email: true, phones: true, names: true, addresses: true } },
    };
    for (let run = 0; run < runs; run += 1) {
      const start = process.threadCpuUsage();
      assemblePrompt(input, () => NONCE);
      const { user, system } = process.threadCpuUsage(start);
      took.push((user + system) / 1_000);
    }
  }
  took.sort((a, b) => a - b);
  const at = (share: number): number => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  return { messages: messageCount, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
}
