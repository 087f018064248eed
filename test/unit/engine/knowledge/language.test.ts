/** In which language a customer writes: decided on several messages, and not on a word. */
import { expect, test } from 'vitest';
import { createLanguageDetector } from '../../../../main/engine/ai/language.ts';

const { detectLanguage, detectText } = createLanguageDetector();

test('short messages of customers are told apart', () => {
  const cases: [string, string][] = [
    ['buenas tardes, cuánto cuesta la limpieza de la fosa', 'es'],
    ['me pueden mandar la factura porfa', 'es'],
    ['ya vinieron los muchachos pero no traian la manguera', 'es'],
    ['how much is the septic tank cleaning', 'en'],
    ['can you send me the invoice please', 'en'],
    ['they came yesterday but nobody was home', 'en'],
    ['bom dia, quanto custa a limpeza da fossa', 'pt'],
    ['vocês trabalham aos sábados?', 'pt'],
  ];
  for (const [text, code] of cases) expect(detectLanguage([text], code === 'es' ? 'en' : 'es').code, text).toBe(code);
});

test('a word or a figure keeps the language of before; only the last three messages count', () => {
  expect(detectLanguage(['ok'], 'en')).toEqual({ code: 'en', isSure: false });
  expect(detectLanguage(['👍', '2', 'ok'], 'pt')).toEqual({ code: 'pt', isSure: false });
  expect(detectLanguage([], 'es')).toEqual({ code: 'es', isSure: false });
  const english = ['hello, I have a question about my invoice', 'can somebody call me back today', 'I will be at home all afternoon'];
  expect(detectLanguage(['Buenas tardes, necesito una cotización de una fosa séptica para mi casa en Mixco, por favor', ...english], 'es').code).toBe('en');
  expect(detectText('IVA', 'es')).toBe('es');
});
