import { expect, it } from 'vitest';
import { createThinkingStripper } from '../../../../../main/engine/ai/provider/strip-thinking.ts';

const RAW = '<think>F1 says <b>8</b>. a < b</think>\n\nAbrimos a las 8 si 2 < 3. [K1]<THINKING>more</THINKING> Gracias <3';
const TEXT = 'Abrimos a las 8 si 2 < 3. [K1] Gracias <3';

it('takes reasoning out wherever the text is cut', () => {
  for (let length = 1; length <= RAW.length; length++) {
    const stripper = createThinkingStripper();
    let given = '';
    for (let from = 0; from < RAW.length; from += length) given += stripper.push(RAW.slice(from, from + length));
    given += stripper.end();
    expect(given).toBe(TEXT);
    expect(stripper.text()).toBe(TEXT);
  }
});

it('letters that are longer in lower case move no tag', () => {
  const stripper = createThinkingStripper();
  expect(stripper.push('İİİ <think>secreto</think>İ listo') + stripper.end()).toBe('İİİ İ listo');
  expect(stripper.text()).toBe('İİİ İ listo');
});

it('reasoning that never ends is no text', () => {
  const stripper = createThinkingStripper();
  expect(stripper.push('<think>it goes on') + stripper.push(' and on</thi') + stripper.end()).toBe('');
  expect(stripper.thoughtLength()).toBe('it goes on and on</thi'.length);
});

it('what stood before a lone closing tag is taken back', () => {
  const stripper = createThinkingStripper();
  expect(stripper.push('I look at F1.</think> Abrimos.') + stripper.end()).toBe('I look at F1.Abrimos.');
  expect(stripper.text()).toBe('Abrimos.');
});
