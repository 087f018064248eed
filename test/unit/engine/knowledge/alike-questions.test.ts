/** Gaps that ask for the same are one line of the list, and are closed together. */
import { expect, test } from 'vitest';
import { groupAlike } from '../../../../main/engine/ai/knowledge/alike-questions.ts';
import { createStems } from '../../../../main/engine/ai/knowledge/stems.ts';

test('questions with the same words in another form are together, those with one word in common are not', () => {
  const asked = ['¿Instalan paneles solares?', 'buenas, instalan paneles solares', 'instalación de paneles solares', '¿Instalan calentadores?', '👍', '👍', '¿Cuánto cuesta un panel solar de 400 W?'];
  const groups = groupAlike(
    asked.map((question) => ({ question })),
    createStems(),
    'es',
  );
  expect(groups.map((group) => group.map(({ question }) => asked.indexOf(question)))).toEqual([[0, 1, 2], [3], [4], [4], [6]]);
});
