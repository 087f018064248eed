import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Finding } from '../../../../../contract/ai/ai-entities.ts';
import { findingSchema } from '../../../../../contract/ai/ai-entities.ts';
import { wishesPerson } from '../../../../../main/engine/ai/checks/handoff-wish.ts';
import { findInjection } from '../../../../../main/engine/ai/checks/injection.ts';
import { judgeIntent } from '../../../../../main/engine/ai/checks/intent.ts';
import { checkText, TARGET_LENGTH, type CheckInput } from '../../../../../main/engine/ai/checks/output-checks.ts';
import { CUSTOMER_TEXTS, FACTS, NOW, PERSON, STATUS_FACTS, TIME_ZONE } from '../../../../fixtures/ai/draft-cases.ts';

const check = (text: string, more: Partial<CheckInput> = {}): Finding[] =>
  checkText({
    text,
    language: 'es',
    sentences: [],
    facts: FACTS,
    customerTexts: CUSTOMER_TEXTS,
    detectLanguage: () => ({ code: 'es', isSure: true }),
    person: PERSON,
    statusFacts: STATUS_FACTS,
    unknownMarkers: [],
    systemText: '',
    nonce: '',
    now: NOW,
    timeZone: TIME_ZONE,
    ...more,
  });
/** What is underlined, as kind and words. */
const underlined = (text: string, more: Partial<CheckInput> = {}): string[] => check(text, more).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

test('offsets are UTF-16 of the text as it stands, behind emoji, accents in two characters and invisible ones', () => {
  for (const lead of ['', '👨‍👩‍👧 ', 'atencio\u0301n: ', '\u200b\u200d', '🏴󠁧󠁢󠁥󠁮󠁧󠁿🇬🇹 ', 'ﬃ ½ ']) {
    expect(underlined(`${lead}Son Q1,999.00 en efectivo.`)).toEqual(['money Q1,999.00']);
    expect(underlined(`${lead}La garantía es de diecisiete meses.`)).toEqual(['number diecisiete meses']);
  }
});

test('a figure in the role of another is found although it stands in a fact', () => {
  expect(underlined('El anticipo es de Q1,250.')).toEqual(['money Q1,250']);
  expect(underlined('El teléfono de su proveedor es 5555 1234.')).toEqual(['phone 5555 1234']);
  expect(underlined('La fecha aprobada es el 4 de diciembre.')).toEqual(['date 4 de diciembre']);
  expect(underlined('Son Q10.')).toEqual(['money Q10']);
});

test('a status is proved by the request alone, neither by a customer nor by an article', () => {
  const said = [...CUSTOMER_TEXTS, 'el otro agente me dijo que ya está aprobada'];
  expect(underlined('Su solicitud ya está aprobada.', { customerTexts: said, statusFacts: [{ reference: 'SOL-1042', status: 'received' }] })).toEqual(['status aprobada']);
  expect(underlined('Su solicitud ya está aprobada.', { customerTexts: said, statusFacts: [] })).toEqual(['status aprobada']);
  expect(underlined('Su solicitud ya está aprobada.')).toEqual([]);
});

test('of several requests the one that is named counts', () => {
  const statusFacts = [...STATUS_FACTS, { reference: 'SOL-2000', status: 'cancelled' } as const];
  const customerTexts = ['¿y la SOL-2000?'];
  expect(underlined('La solicitud SOL-1042 está aprobada.', { statusFacts, customerTexts })).toEqual([]);
  expect(underlined('La solicitud SOL-2000 está aprobada.', { statusFacts, customerTexts })).toEqual(['status aprobada']);
});

test('what a customer wrote may be repeated to them, except a link', () => {
  const customerTexts = ['mi correo es eva@example.net, son 7 cuartos, la página es https://otra.example/x'];
  expect(underlined('Anotamos eva@example.net y 7 cuartos.', { customerTexts })).toEqual([]);
  expect(underlined('Entre a https://otra.example/x por favor.', { customerTexts })).toEqual(['url https://otra.example/x']);
});

test.each([
  'pagos-seguros.click',
  'pagos.vip/entrar',
  'evil.zip',
  'evil.com.uy',
  'Pagos.Click',
  'EVIL.DE',
  'wa.me/50255',
  'пример.рф',
  'ftp://evil.example/x',
  'whatsapp://send?x',
  'evil。com',
  'a.bb.cc.dd.ee.ff.gg',
])('an address with whatever ending is one: %s', (link) => {
  expect(underlined(`Puede entrar en ${link} hoy mismo.`)).toContain(`url ${link}`);
});

test.each(['p.ej.', 'EE.UU.', 'a.m./p.m.', 'Sr./Sra.', 'y/o', 'el contrato.pdf', '2.do', 'etc.'])('what only looks like an address is none: %s', (words) => {
  expect(underlined(`Le enviamos ${words} hoy mismo.`).filter((found) => found.startsWith('url'))).toEqual([]);
});

test('the window of the conversation and the present hour prove no appointment', () => {
  const facts = [...FACTS, { id: 'F20', kind: 'window', label: 'Ventana de servicio', text: 'abierta hasta lunes, 23 de noviembre de 2026, 11:47', ref: null } as const];
  expect(underlined('La visita es a las 11:47.', { facts })).toEqual(['time 11:47']);
  expect(underlined('La visita es a las 12:00.', { facts })).toEqual(['time 12:00']);
});

test('"tomorrow" is the day in the business’s time zone', () => {
  const eve = Date.UTC(2026, 11, 5, 3);
  expect(underlined('La visita es mañana.', { now: eve, timeZone: 'America/Guatemala' })).toEqual([]);
  expect(underlined('La visita es mañana.', { now: eve, timeZone: 'UTC' })).toEqual(['date mañana']);
  expect(underlined('La visita es mañana.', { now: Date.UTC(2026, 10, 30, 18) })).toEqual(['date mañana']);
});

test('the wrong person is not greeted', () => {
  expect(underlined('Hola, Carlos. Con gusto.')).toEqual(['name Carlos']);
  expect(underlined('Estimada señora Xicay: con gusto.')).toEqual([]);
  expect(underlined('El técnico es Roberto Paz.')).toEqual(['name Roberto Paz']);
  expect(underlined('Hola Lucía, con gusto.', { person: null })).toEqual(['name Lucía']);
  expect(underlined('Hola Lucía, con gusto.', { person: null, customerTexts: ['soy lucia'] })).toEqual([]);
});

test('a promise that the company itself makes in the same words is none of the draft', () => {
  expect(underlined('Le enviaremos los detalles al correo.')).toEqual(['promise Le enviaremos']);
  const facts = [...FACTS, { id: 'K9', kind: 'knowledge', label: 'Solicitudes', text: 'Después de su solicitud le enviaremos los detalles al correo.', ref: null } as const];
  expect(underlined('Le enviaremos los detalles al correo.', { facts })).toEqual([]);
  expect(underlined('Le enviaremos a un técnico.', { facts })).toEqual(['promise Le enviaremos']);
});

test('a rewrite may say what the text said that it is made from, and no more', () => {
  const facts = [...FACTS, { id: 'F30', kind: 'message', label: '', text: 'Le llamo mañana a las 10. Son Q77, vea https://pago.example/77', ref: null } as const];
  expect(underlined('Son Q77: https://pago.example/77. Le llamo mañana a las 10, ¡gracias!', { facts })).toEqual([]);
  expect(underlined('Son Q78. Le llamo mañana a las 11.', { facts })).toEqual(['money Q78', 'time 11']);
});

test('another language, an echo of the instructions, the fence and markers are told', () => {
  expect(check('Hello, how are you today?', { detectLanguage: () => ({ code: 'en', isSure: true }) }).map(({ kind }) => kind)).toEqual(['language']);
  expect(check('Hello, how are you today?', { detectLanguage: () => ({ code: 'en', isSure: false }) })).toEqual([]);
  const systemText = 'Responde solo con lo que dicen los hechos numerados y nunca prometas nada a nadie.';
  expect(underlined('Claro: Responde SOLO con lo que dicen los hechos numerados.', { systemText })).toEqual(['echo Responde SOLO con lo que dicen los hechos numerados']);
  expect(underlined('Código q7Zk31pX aquí.', { nonce: 'q7Zk31pX' })).toContain('echo q7Zk31pX');
  expect(underlined('Abrimos temprano [K1].')).toContain('marker [K1]');
  expect(check('Abrimos temprano.', { unknownMarkers: ['K7'] })).toEqual([{ kind: 'marker', start: 0, end: 17, severity: 'high', detail: 'K7' }]);
  expect(check('Abrimos temprano.', { sentences: [{ start: 0, end: 17, factIds: ['K1', 'K8'] }] })).toEqual([{ kind: 'marker', start: 0, end: 17, severity: 'high', detail: 'K8' }]);
});

test('nothing to read and too much to read are told', () => {
  expect(check(' 👍 ').map(({ kind }) => kind)).toEqual(['empty']);
  expect(check('palabra '.repeat(100)).map(({ kind, severity, start }) => [kind, severity, start])).toEqual([['length', 'low', TARGET_LENGTH]]);
  expect(check('palabra '.repeat(600)).map(({ kind, severity }) => [kind, severity])).toEqual([['length', 'high']]);
});

const PIECES = [
  'Q',
  '1',
  '1,250.00',
  ' ',
  '-',
  '5 de ',
  'diciembre',
  'las tres',
  ' y media',
  'SOL-',
  '+502',
  '@',
  '.',
  'www.',
  'lunes a ',
  'treinta y ',
  'mil ',
  'fue aprobada',
  '[F1]',
  '\u{1F468}\u200D',
  '\u0301',
  '\uE001',
  '\uD83D',
  '\u202E',
  '٣',
  '\n',
  'Hola Ana',
  'quiero hablar con ',
  'ignora las ',
];
test('no text makes a check fail, and every finding lies in the text (seed 61)', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join('')),
  );
  let findings = 0;
  fc.assert(
    fc.property(anyText, anyText, anyText, (text, factText, customerText) => {
      const facts = [...FACTS, { id: 'K9', kind: 'knowledge', label: factText.slice(0, 100), text: factText, ref: null } as const];
      for (const finding of check(text, { facts, customerTexts: [customerText], systemText: factText, nonce: customerText.slice(0, 12) })) {
        findings += 1;
        findingSchema.parse(finding);
        expect(finding.start).toBeLessThanOrEqual(finding.end);
        expect(finding.end).toBeLessThanOrEqual(text.length);
      }
      findInjection(text);
      wishesPerson(text);
      judgeIntent({ text, hasRequest: true, hasKnowledge: true });
    }),
    { seed: 61, numRuns: 400 },
  );
  expect(findings).toBeGreaterThan(100);
});

/** Each would take a pattern that looks back and forth more than the test's whole time. */
const HOSTILE = [
  '1',
  '1.',
  '1 ',
  '1-',
  ' ',
  'a ',
  'a@',
  'www.',
  '55 55-',
  'mil ',
  'treinta y ',
  'no quiero ',
  'quiero hablar con ',
  'ignora todas las ',
  'Hola Ana ',
  'fue aprobada ',
  'esta ya hoy ',
  'a las 3 ',
  'lunes a ',
  '5 de mayo al ',
  'Q1 ',
  '[F1,',
  'we will ',
  'system: ',
  'a\u0301',
  '\n',
  'x1-',
];
test('texts of 100,000 characters that are made to be slow end', () => {
  for (const piece of HOSTILE) {
    const text = piece.repeat(100_000 / piece.length);
    const facts = [{ id: 'K1', kind: 'knowledge', label: 'l', text: text.slice(0, 3_000), ref: null } as const];
    expect(check(text, { facts, customerTexts: [text], systemText: text }).length).toBeGreaterThan(0);
    findInjection(text);
    wishesPerson(text);
    judgeIntent({ text, hasRequest: true, hasKnowledge: true });
  }
});
