import { expect, it, test } from 'vitest';
import type { Fact } from '../../../../../contract/ai/ai-entities.ts';
import { createBuiltinExtractive } from '../../../../../main/engine/ai/provider/builtin-extractive.ts';
import type { LlmOutcome } from '../../../../../main/engine/ai/provider/llm-provider.ts';
import { modelPrompt } from '../../../../support/model-provider.ts';

const passage = (id: string, label: string, text: string): Fact => ({
  id,
  kind: 'knowledge',
  label,
  text,
  ref: { kind: 'knowledge', articleId: id, revisionId: 'r', passageId: id, mayAutoAnswer: false },
});
const ofRequest = (id: string, label: string, text: string, requestId = 'r1'): Fact => ({ id, kind: 'request', label, text, ref: { kind: 'request', requestId } });

const HOURS = passage('K1', 'Horario', '¿Cuándo atendemos?\nAtendemos de lunes a viernes de 8:00 a 17:00. El sábado abrimos de 8:00 a 12:00. El estacionamiento es gratuito.');
const PAYMENT = passage('K2', 'Formas de pago', 'Aceptamos efectivo y transferencia. Las tarjetas tienen un recargo de 3 %.');
const REQUEST = [
  ofRequest('F1', 'Solicitud', 'SOL-1042'),
  ofRequest('F2', 'Estado de la solicitud SOL-1042', 'Aprobada'),
  ofRequest('F3', 'Fecha aprobada de la solicitud SOL-1042', '4 de diciembre de 2026'),
  ofRequest('F4', 'Proveedor asignado a la solicitud SOL-1042', 'Óscar Tuc'),
  ofRequest('F5', 'Estado de la solicitud SOL-2000', 'Cancelada', 'r2'),
];
const OTHERS: Fact[] = [{ id: 'F9', kind: 'window', label: 'Ventana de servicio', text: 'abierta', ref: null }];

const provider = createBuiltinExtractive({ now: () => 0 });
async function write(over: Parameters<typeof modelPrompt>[0], signal = new AbortController().signal, onDelta: (text: string) => void = () => {}): Promise<LlmOutcome> {
  return provider.complete(modelPrompt(over), { runId: 'r', signal, onDelta });
}
const reply = async (question: string, facts: Fact[], code = 'es'): Promise<string> => {
  const outcome = await write({ question, facts: [...OTHERS, ...facts], language: { code, isSure: true } });
  return outcome.status === 'ok' ? outcome.text : outcome.status === 'failed' ? outcome.failure.class : outcome.status;
};

test.each([
  ['¿A qué hora abren el sábado?', [HOURS, PAYMENT], 'El sábado abrimos de 8:00 a 12:00. [K1]'],
  ['aseptan tarjeta??', [HOURS, PAYMENT], 'Las tarjetas tienen un recargo de 3 %. [K2]'],
  ['hola, cómo va mi solicitud?', [...REQUEST, HOURS], 'Estado de la solicitud SOL-1042: Aprobada. [F2]'],
  ['¿cuándo es la visita y quién viene?', REQUEST, 'Fecha aprobada de la solicitud SOL-1042: 4 de diciembre de 2026. [F3] Proveedor asignado a la solicitud SOL-1042: Óscar Tuc. [F4]'],
  ['y la 2000 cómo va', REQUEST, 'Estado de la solicitud SOL-2000: Cancelada. [F5]'],
])('%s', async (question, facts, expected) => {
  expect(await reply(question, facts)).toContain(expected);
});

it('says a status in the words of its language', async () => {
  const facts = [ofRequest('F2', 'Status of request SOL-1042', 'Approved')];
  expect(await reply('Any update on my request?', facts, 'en')).toBe('Status of request SOL-1042: Approved. [F2]');
});

it('answers a question about the business with the business, not with the request', async () => {
  const text = await reply('¿a qué hora abren el sábado?', [...REQUEST, HOURS]);
  expect(text).toContain('[K1]');
  expect(text).not.toContain('[F');
});

it('a word such as visit alone does not ask how the request stands, where a passage has the answer', async () => {
  const text = await reply('¿Cuánto cuesta una visita?', [...REQUEST, passage('K1', 'Precios', 'Una visita de diagnóstico cuesta Q150.00. Se descuenta del servicio.')]);
  expect(text).toMatch(/^Una visita de diagnóstico cuesta Q150\.00\. \[K1\]/);
  expect(text).not.toContain('[F');
});

it('finds sentences also where the language is known by its name only', async () => {
  expect(await reply('¿A qué hora abren el sábado?', [HOURS], 'inglés de Belice')).toContain('El sábado abrimos de 8:00 a 12:00. [K1]');
});

it('quotes the first passage found where it shares no word with the question', async () => {
  expect(await reply('¿Están los domingos?', [HOURS])).toMatch(/^Atendemos .*\[K1\]/);
});

it('says nothing where nothing fits', async () => {
  expect(await reply('¡Muchas gracias!', [HOURS])).toBe('empty');
  expect(await reply('¿Venden pizza?', [])).toBe('empty');
  expect(await reply('¿Venden pizza?', REQUEST)).toBe('empty');
});

it('every sentence has its marker, and no word is its own', async () => {
  const outcome = await write({ question: '¿Cuándo atienden? ¿Con tarjeta?', facts: [HOURS, PAYMENT] });
  expect(outcome.status).toBe('ok');
  if (outcome.status !== 'ok') return;
  const sentences = outcome.text.split(/(?<=\[K\d\]) /);
  expect(sentences.every((sentence) => /\[K[12]\]$/.test(sentence))).toBe(true);
  for (const sentence of sentences) expect(`${HOURS.text}\n${PAYMENT.text}`).toContain(sentence.replace(/ \[K\d\]$/, ''));
});

it('comes in pieces, and stops when it is told to', async () => {
  const controller = new AbortController();
  const pieces: string[] = [];
  const outcome = await write({ question: '¿Cuándo atienden?', facts: [HOURS] }, controller.signal, (text) => {
    pieces.push(text);
    if (pieces.length === 3) controller.abort();
  });
  expect(outcome).toMatchObject({ status: 'cancelled', partial: pieces.join('') });
  expect(pieces).toHaveLength(3);
});

it('shortens by whole sentences, and leaves every other rewrite to a model', async () => {
  const source = 'Hola, buenos días. Con mucho gusto le ayudamos en todo lo que necesite. La visita es el 4 de diciembre a las 9:00. Quedamos atentos.';
  expect(await write({ purpose: 'rewrite', rewrite: 'shorten', source })).toMatchObject({ status: 'ok', text: 'La visita es el 4 de diciembre a las 9:00.' });
  const said = 'La visita no tiene costo en la ciudad. Con mucho gusto le esperamos en nuestra oficina central cualquier mañana. En departamentos cuesta Q350.';
  expect(await write({ purpose: 'rewrite', rewrite: 'shorten', source: said }), 'what has no figure is not left out where there is room').toMatchObject({
    text: 'La visita no tiene costo en la ciudad. En departamentos cuesta Q350.',
  });
  expect(await write({ purpose: 'rewrite', rewrite: 'shorten', source: 'La visita es el 4 de diciembre.' })).toMatchObject({ status: 'failed', failure: { class: 'needs_model' } });
  expect(await write({ purpose: 'rewrite', rewrite: 'formal', source })).toMatchObject({ status: 'failed', failure: { class: 'needs_model' } });
});

it('sums up with the messages as sources', async () => {
  const said = (id: string, text: string): Fact => ({ id, kind: 'message', label: '10:02', text, ref: { kind: 'message', messageId: id } });
  const outcome = await write({ purpose: 'summary', facts: [...REQUEST.slice(0, 2), said('F7', 'Necesito cambiar la fecha. Es urgente.'), said('F8', 'Claro, ¿para cuándo?')] });
  expect(outcome).toMatchObject({ text: '10:02: Necesito cambiar la fecha. [F7]\n10:02: Claro, ¿para cuándo? [F8]\nEstado de la solicitud SOL-1042: Aprobada. [F2]' });
  expect(await write({ purpose: 'summary', facts: [] })).toMatchObject({ status: 'failed', failure: { class: 'empty' } });
});
