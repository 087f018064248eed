import { expect, test } from 'vitest';
import { tidyText } from '../../../../main/engine/ai/knowledge/tidy-text.ts';

test('blanks at ends of lines go, those within stay, however many there are', () => {
  expect(tidyText(' a  b \t\n\u00a0 \n\n\nc \u00a0')).toBe('a  b\n\nc');
  const wide = `a${' '.repeat(400_000)}b`;
  expect(tidyText(`${wide}  \nc`)).toBe(`${wide}\nc`);
});
