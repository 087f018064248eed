/**
 * Whether what somebody else wrote can leave its quotes. Independent of how prompts are written: reads a prompt as a stranger would,
 * line by line between the fences, and compares each decoded string with what was written.
 */
import { assemblePrompt, type PromptInput } from '../../../main/engine/ai/prompt/assemble.ts';
import type { Prompt } from '../../../main/engine/ai/prompt/prompt.ts';
import { collectFacts } from '../../../main/engine/ai/prompt/facts.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';
import { factRows, NONCE, NOW, promptInput, REQUEST, said } from './sample-input.ts';

/** Ranges of code points that a model's copy leaves out, by Unicode's own tables and written down here once more. */
const LEFT_OUT: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x600, 0x605],
  [0x61c, 0x61c],
  [0x6dd, 0x6dd],
  [0x70f, 0x70f],
  [0x890, 0x891],
  [0x8e2, 0x8e2],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x2064],
  [0x2066, 0x206f],
  [0x27e6, 0x27e7],
  [0x3164, 0x3164],
  [0xd800, 0xf8ff],
  [0xfdd0, 0xfdef],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0xfffe, 0xffff],
  [0x110bd, 0x110bd],
  [0x110cd, 0x110cd],
  [0x13430, 0x1343f],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
  [0xf0000, 0x10ffff],
];
/** The text as a model may be given it. */
export function withoutLeftOut(text: string): string {
  let kept = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isPlaneEnd = (code & 0xfffe) === 0xfffe;
    if (!isPlaneEnd && !LEFT_OUT.some(([from, to]) => code >= from && code <= to)) kept += character;
  }
  return kept;
}

const STRING = /"(?:[^"\\\n]|\\.)*"/g;
/** Of a line, with every quoted string replaced by `""`: only our own words are left. */
const SKELETONS = [
  /^## (?:HECHOS|BASE DE CONOCIMIENTOS|RESUMEN DE LO ANTERIOR|NOTAS INTERNAS|CONVERSACIÓN|BORRADOR)$/,
  /^\[[FK]\d{1,3}\] "": ""$/,
  /^""$/,
  /^(?:\[F\d{1,3}\] )?\d{4}-\d\d-\d\d \d\d:\d\d (?:cliente|agente): (?:""|\[[\p{L} ]+(?:: "")?\])$/u,
  /^\[F\d{1,3}\] \d{4}-\d\d-\d\d \d\d:\d\d nota \(""\): ""$/,
];

/** What is wrong with a prompt in Spanish, whose data may be `payloads` and nothing else that is not ours; none: nothing leaves its quotes. */
export function findLeaks(prompt: Prompt, payloads: readonly string[]): string[] {
  const leaks: string[] = [];
  const [system, user, ...more] = prompt.messages;
  if (system?.role !== 'system' || user?.role !== 'user' || more.length > 0) return ['other messages than system and data'];
  const lines = user.content.split('\n');
  const [open, close] = [`<<<${prompt.nonce}`, `${prompt.nonce}>>>`];
  const from = lines.indexOf(open);
  const to = lines.indexOf(close);
  if (from !== 1 || to < from || user.content.split(prompt.nonce).length !== 4) leaks.push('the fence is not where it belongs, or its code stands elsewhere');
  if (system.content.includes(prompt.nonce)) leaks.push('the rules name the code');
  const strings: string[] = [];
  for (const line of lines.slice(from + 1, to)) {
    const skeleton = line.replaceAll(STRING, '""');
    if (!SKELETONS.some((pattern) => pattern.test(skeleton))) leaks.push(`a line that is not ours: ${skeleton.slice(0, 80)}`);
    for (const [quoted] of line.matchAll(STRING)) {
      if (/[<[⟦⟧\p{Cf}\u2028\u2029]/u.test(quoted)) leaks.push(`a mark within quotes: ${quoted.slice(0, 80)}`);
      strings.push(JSON.parse(quoted) as string);
    }
  }
  const held = new Set(strings);
  for (const payload of payloads) if (!held.has(withoutLeftOut(payload))) leaks.push(`not as it was written: ${JSON.stringify(payload).slice(0, 80)}`);
  return leaks;
}

const NO_MASKS = { cards: false, ids: false, email: false, phones: false, names: false, addresses: false };
/** The same text everywhere somebody else can put one. */
export function hostileInput(text: string, task: PromptInput['task']): PromptInput {
  const rows = factRows({
    person: { ...factRows().person, name: `N ${text}`, attributes: [{ key: `A ${text}`.slice(0, 250), value: text }] },
    requests: [{ row: { ...REQUEST, address: text, service_type: text, customer_name: text }, role: 'customer', conversationId: 'c1', standing: 'theirs', vendor: null }],
  });
  const base = promptInput();
  return {
    ...base,
    task,
    facts: collectFacts(rows, 'es'),
    passages: [{ articleId: 'a', revisionId: 'v', passageId: 'p', mayAutoAnswer: true, label: `D ${text}`.slice(0, 250), text, score: 3 }],
    summary: text,
    messages: [
      said('out', `antes ${text}`),
      { id: 'doc', contactId: 'rosa', direction: 'in', at: NOW, content: { kind: 'location', latitude: 0, longitude: 0, name: text, address: null, url: null } },
      said('in', text),
    ],
    notes: [{ id: 'n', contactId: 'rosa', at: NOW, author: text.slice(0, 20), body: `Z ${text}` }],
    settings: { ...base.settings, masking: NO_MASKS, budget: { inputTokens: 60_000, outputTokens: 350 } },
  };
}

export type ContainmentResult = { prompts: number; leaks: string[] };
/** Every hostile text in every place of a reply and of a summary. */
export function runContainment(): ContainmentResult {
  const leaks: string[] = [];
  let prompts = 0;
  for (const text of HOSTILE_TEXTS) {
    for (const task of [
      { purpose: 'reply', instruction: null, previous: null },
      { purpose: 'summary', kind: 'transfer' },
    ] as const) {
      const payloads = task.purpose === 'reply' ? [text, `N ${text}`, `antes ${text}`] : [text, `N ${text}`, `antes ${text}`, `Z ${text}`];
      prompts += 1;
      leaks.push(
        ...findLeaks(
          assemblePrompt(hostileInput(text, task), () => NONCE),
          payloads,
        ),
      );
    }
  }
  return { prompts, leaks };
}
