/** What a model is asked, word for word, and that nothing of anybody else or beyond the budget gets in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemblePrompt } from '../../../../../main/engine/ai/prompt/assemble.ts';
import { collectFacts, type FactRequest } from '../../../../../main/engine/ai/prompt/facts.ts';
import { previewPrompt } from '../../../../../main/engine/ai/prompt/preview.ts';
import { PROMPT_VERSION } from '../../../../../main/engine/ai/prompt/system-text.ts';
import { factRows, NONCE, NOW, promptInput, REQUEST, said } from '../../../../eval/prompt/sample-input.ts';

const assemble = (patch: Parameters<typeof promptInput>[0] = {}) => assemblePrompt(promptInput(patch), () => NONCE);
const written = (patch: Parameters<typeof promptInput>[0] = {}): string =>
  assemble(patch)
    .messages.map(({ role, content }) => `--- ${role}\n${content}`)
    .join('\n');
const english = { language: { code: 'en', isSure: true } };

describe('prompts, word for word (another PROMPT_VERSION when they change)', () => {
  it('are of this version', () => {
    expect(PROMPT_VERSION).toBe('2026-11.1');
  });
  it('a reply in Spanish, to be written again with an instruction', () => {
    expect(written({ task: { purpose: 'reply', instruction: 'más breve', previous: 'Llegamos el viernes.' }, summary: 'Rosa pidió una limpieza.' })).toMatchSnapshot();
  });
  it('a reply in English, the window closed', () => {
    expect(
      written({
        ...english,
        rows: { window: { state: 'closed', closesAt: NOW - 3_600_000 }, templates: [{ key: 'solicitud_recibida_cliente:es', name: 'solicitud_recibida_cliente', language: 'es' }] },
      }),
    ).toMatchSnapshot();
  });
  it('a reply in a language that prompts are not written in', () => {
    expect(
      written({ language: { code: 'pt', isSure: false } })
        .split('\n')
        .at(-1),
    ).toContain('Portuguese (pt)');
  });
  it.each([
    ['it', 'Language: Italian (it).'],
    ['pt-BR', 'Language: Brazilian Portuguese (pt-BR).'],
    ['Português do Brasil', 'Language: Português do Brasil.'],
    ['Quiché (Guatemala)', 'Language: Quiché (Guatemala).'],
    ['中文', 'Language: 中文.'],
    ['fr-$&-123\n]]>', 'Language: fr- -.'],
  ])('a translation into what somebody calls %j', (code, expected) => {
    const last = assemble({ task: { purpose: 'rewrite', rewrite: 'translate', text: 'Hola' }, language: { code, isSure: true } }).messages[1]?.content;
    expect(last).toContain(expected);
  });
  it.each(['shorten', 'friendlier', 'formal', 'fix', 'translate'] as const)('%s: only the text leaves', (rewrite) => {
    const prompt = assemble({ ...english, task: { purpose: 'rewrite', rewrite, text: 'Ya le aviso, doña Rosa.' } });
    expect(prompt.messages[1]?.content).toMatchSnapshot('what leaves');
    expect(JSON.stringify(prompt.messages)).not.toContain('Xicay');
    // For the checks of what comes back.
    expect(prompt.facts.some(({ text }) => text === 'PTAR form sent')).toBe(true);
  });
  it.each(['es', 'en'])('a summary for whoever takes over, in %s', (code) => {
    expect(written({ language: { code, isSure: true }, task: { purpose: 'summary', kind: 'transfer' } })).toMatchSnapshot('summary');
  });
});

describe('the parts of a prompt', () => {
  it('is the same for the same input and code', () => {
    const input = promptInput();
    expect(assemblePrompt(input, () => NONCE)).toEqual(assemblePrompt(input, () => NONCE));
  });

  it('draws another code where somebody wrote the first one, and gives up in the end', () => {
    const taken = 'a'.repeat(32);
    const input = promptInput({ messages: [said('in', `x ${taken.toUpperCase()} y`)] });
    const codes = [taken, NONCE];
    expect(assemblePrompt(input, () => codes.shift() ?? '').nonce).toBe(NONCE);
    expect(() => assemblePrompt(input, () => taken)).toThrow(/occurs in the data/);
    expect(() => assemblePrompt(input, () => 'short')).toThrow(/letters and digits/);
  });

  it('refuses rows of somebody else: facts, requests, messages, notes', () => {
    const facts = promptInput().facts;
    const foreign = { kind: 'contact', label: 'x', text: 'y', isOptional: true } as const;
    expect(() => assemble({ facts: [...facts, { ...foreign, ref: { kind: 'contact', contactId: 'leo' } }] })).toThrow(/another contact/);
    expect(() => assemble({ facts: [...facts, { ...foreign, ref: { kind: 'request', requestId: 'r2' } }] })).toThrow(/not linked/);
    expect(() => assemble({ messages: [{ ...said('in', 'x'), contactId: 'leo' }] })).toThrow(/another contact/);
    expect(() => assemble({ notes: [{ id: 'n', contactId: 'leo', at: 1, author: 'Ana', body: 'x' }] })).toThrow(/another contact/);
    expect(assemble({ messages: [{ ...said('in', 'hola'), contactId: 'rosa-2' }] }).question).toBe('hola');
  });

  it('notes never reach a reply', () => {
    expect(written()).not.toContain('Pagó en efectivo');
    expect(written({ task: { purpose: 'summary', kind: 'thread' } })).toContain('Pagó en efectivo');
  });

  it('asks what nobody answered; else the last that they wrote', () => {
    expect(assemble({ messages: [said('in', 'uno'), said('out', 'ya'), said('in', 'dos'), said('in', 'tres')] }).question).toBe('dos\ntres');
    expect(assemble({ messages: [said('in', 'uno'), said('in', 'dos'), said('out', 'ya')] }).question).toBe('dos');
    expect(assemble({ messages: [] }).question).toBe('');
  });

  it('takes at most six passages, and none that is far behind the best', () => {
    const passage = (n: number, score: number) => ({ articleId: 'a', revisionId: 'v', passageId: `p${n}`, mayAutoAnswer: true, label: `L${n}`, text: `T${n}`, score });
    const idsOf = (scores: number[]) =>
      assemble({ passages: scores.map((score, n) => passage(n, score)) })
        .facts.filter(({ kind }) => kind === 'knowledge')
        .map(({ ref }) => ref?.kind === 'knowledge' && ref.passageId);
    expect(idsOf([10, 9, 9, 9, 9, 9, 9, 9])).toHaveLength(6);
    expect(idsOf([10, 3.5, 3.4])).toEqual(['p0', 'p1']);
  });

  it('the last message stays whole up to 1,200 tokens, then its beginning and end', () => {
    const long = (length: number) => `principio ${'á'.repeat(length)} final`;
    const lineOf = (length: number) =>
      assemble({ messages: [said('in', long(length)), said('out', 'gracias')] })
        .messages[1]?.content.split('\n')
        .find((line) => line.includes('principio')) ?? '';
    expect(lineOf(4_100)).toContain(long(4_100));
    const cut = lineOf(9_000);
    expect(cut).toMatch(/"principio á+ \\u005b…] á+ final"$/);
    expect(cut.length).toBeGreaterThan(4_000);
    expect(cut.length).toBeLessThan(4_250);
  });

  it('previews word for word what leaves, by sections', () => {
    const prompt = assemble({ summary: 'Antes.' });
    const preview = previewPrompt(prompt);
    expect(preview.sections.map(({ name }) => name)).toEqual(['rules', 'business', 'facts', 'knowledge', 'summary', 'history', 'task']);
    for (const { text, tokens } of preview.sections) {
      expect(preview.body).toContain(text);
      expect(tokens).toBeGreaterThan(0);
    }
    expect(preview.body).toContain('⟦CARD_1⟧');
    expect(preview.body).not.toContain('4111');
    expect(preview.masked).toEqual({ CARD: 1 });
  });
});

describe('facts of a request, by what its person may know', () => {
  const request = (patch: Partial<FactRequest>, row: Partial<typeof REQUEST> = {}): FactRequest => ({
    row: { ...REQUEST, ...row },
    role: 'customer',
    conversationId: 'c1',
    standing: 'theirs',
    vendor: { name: 'Servicios del Lago', company: null, phone: '50255559876' },
    ...patch,
  });
  const told = (...requests: FactRequest[]) =>
    collectFacts(factRows({ requests }), 'es')
      .filter(({ kind }) => kind === 'request')
      .map(({ label, text }) => `${label}: ${text}`)
      .join('\n');

  it.each(['new', 'received', 'cancelled'] as const)('a customer does not learn the vendor or the form while it is %s', (status) => {
    expect(told(request({}, { status }))).not.toMatch(/Lago|ptar\/1042|5555 9876/);
    expect(told(request({}, { status: 'approved' }))).toMatch(/Lago[^]*5555 9876/);
  });
  it('a vendor learns what their template tells, and not the e-mail or the form', () => {
    const text = told(request({ role: 'vendor' }));
    expect(text).toContain('12 calle 3-45');
    expect(text).toContain('Rosa Xicay');
    expect(text).not.toMatch(/rosa@example|ptar\/1042|proveedor de la/);
  });
  it('who lost it, or writes for somebody else, learns nothing of its people', () => {
    expect(told(request({ role: 'vendor', standing: 'former' }))).toBe(
      'Solicitud: SOL-1042\nTipo de servicio de la solicitud SOL-1042: Limpieza de fosa séptica\nAsignación de la solicitud SOL-1042: Ya no está asignada a esta persona',
    );
    expect(told(request({ standing: 'other' }))).not.toMatch(/Xicay|5550|calle|@|Lago/);
  });
  it('nobody learns its description', () => {
    expect(told(request({}), request({ role: 'vendor' }))).not.toContain('difícil');
  });
  it('a request that is linked elsewhere is refused', () => {
    expect(() => told(request({ conversationId: 'c2' }))).toThrow(/another conversation/);
  });
});

describe('budget', () => {
  const texts = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 900 })), { maxLength: 60 });
  const inputs = fc.record({
    texts,
    passages: fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 10 }),
    summary: fc.option(fc.integer({ min: 1, max: 4_000 })),
    attributes: fc.array(fc.integer({ min: 1, max: 1_500 }), { maxLength: 12 }),
    inputTokens: fc.integer({ min: 3_500, max: 12_000 }),
    tokenFactor: fc.double({ min: 0.7, max: 1.25, noNaN: true }),
    profile: fc.integer({ min: 0, max: 4_000 }),
  });
  const build = ({ texts: lengths, passages, summary, attributes, inputTokens, tokenFactor, profile }: typeof inputs extends fc.Arbitrary<infer T> ? T : never) => {
    const base = promptInput({ rows: { profile: 'p'.repeat(profile), person: { ...factRows().person, attributes: attributes.map((length, n) => ({ key: `k${n}`, value: 'v'.repeat(length) })) } } });
    return {
      ...base,
      messages: lengths.map(([isIn, length], n) => ({ ...said(isIn ? 'in' : 'out', 'm'.repeat(length), NOW - (100 - n) * 1_000), id: `m${n}` })),
      passages: passages.map((length, n) => ({ articleId: 'a', revisionId: 'v', passageId: `p${n}`, mayAutoAnswer: true, label: `L${n}`, text: 't'.repeat(length), score: 10 })),
      summary: summary === null ? null : 's'.repeat(summary),
      settings: { ...base.settings, budget: { inputTokens, outputTokens: 350 } },
      tokenFactor,
    };
  };

  it('is kept, and what is left out is left out in one order', () => {
    let drops = 0;
    fc.assert(
      fc.property(inputs, (given) => {
        const input = build(given);
        const prompt = assemblePrompt(input, () => NONCE);
        const characters = prompt.messages.reduce((sum, { content }) => sum + content.length, 0);
        expect(Math.ceil((characters / 3.5) * input.tokenFactor)).toBeLessThanOrEqual(input.settings.budget.inputTokens);
        const order = ['knowledge', 'history', 'summary', 'fact'];
        const dropped = prompt.dropped.map((name) => order.indexOf(name.split(':')[0] ?? ''));
        expect(dropped).toEqual(dropped.toSorted((a, b) => a - b));
        const kept = previewPrompt(prompt).sections;
        const held = (name: string) => kept.find((section) => section.name === name)?.text.split('\n').length ?? 0;
        // Later ones go only where nothing earlier is left to go.
        if (prompt.dropped.includes('summary') || prompt.dropped.some((name) => name.startsWith('fact'))) {
          drops += 1;
          expect(held('knowledge')).toBe(0);
          expect(held('history')).toBeLessThanOrEqual(1);
        }
        if (prompt.dropped.some((name) => name.startsWith('fact'))) expect(held('summary')).toBe(0);
        // Of history the newest stay, and the customer's last one.
        const lastInbound = input.messages.findLastIndex(({ direction }) => direction === 'in');
        if (lastInbound >= 0) expect(held('history')).toBeGreaterThan(0);
      }),
      { seed: 61, numRuns: 150 },
    );
    expect(drops).toBeGreaterThan(0);
  });

  it('a smaller budget never keeps older history with fewer passages', () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 50, max: 3_000 }), (given, less) => {
        const input = build({ ...given, inputTokens: given.inputTokens + less });
        const small = build(given);
        const count = (prompt: ReturnType<typeof assemblePrompt>, prefix: string) => prompt.facts.filter(({ id }) => id.startsWith(prefix)).length;
        const [more, fewer] = [assemblePrompt(input, () => NONCE), assemblePrompt({ ...small, messages: input.messages }, () => NONCE)];
        expect(count(fewer, 'K')).toBeLessThanOrEqual(count(more, 'K'));
        expect(count(fewer, 'F')).toBeLessThanOrEqual(count(more, 'F'));
      }),
      { seed: 62, numRuns: 60 },
    );
  });
});
