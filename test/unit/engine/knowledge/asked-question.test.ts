import { expect, it } from 'vitest';
import { pickQuestion } from '../../../../main/engine/ai/knowledge/asked-question.ts';

it.each([
  ['one question stays as it is', '¿Venden llantas para tractor?', '¿Venden llantas para tractor?'],
  ['greetings and thanks around it are left out', 'Buenas tardes\nMire, le cuento. ¿Venden llantas para tractor? Es urgente.\nMuchas gracias', '¿Venden llantas para tractor?'],
  ['of two the last counts', '¿Abren hoy?\n¿Y venden llantas?', '¿Y venden llantas?'],
  ['a question without its mark', 'Hola\nCuánto cuesta limpiar un tanque\nGracias', 'Cuánto cuesta limpiar un tanque'],
  ['nothing asks: the last message', 'Hola\nMi llanta se pinchó', 'Mi llanta se pinchó'],
  ['nothing', ' \n', ''],
])('%s', (_, burst, question) => expect(pickQuestion(burst)).toBe(question));

it('is no longer than a list shows, and no character is cut in two', () => {
  const question = pickQuestion(`¿${'😀'.repeat(200)}?`);
  expect(question.length).toBeLessThanOrEqual(300);
  expect(question.isWellFormed()).toBe(true);
});
