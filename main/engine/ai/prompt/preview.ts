/** What leaves the machine, as people look at it before and after: word for word, by sections. */
import type { z } from 'zod';
import type { promptPreviewSchema } from '../../../../contract/ai/ai-views.ts';
import type { Prompt } from './prompt.ts';
import { PROMPT_WORDS, SECTIONS, type PromptLanguage, type Section } from './prompt-words.ts';

/** All but to whom it goes. */
export type PromptPreview = Omit<z.infer<typeof promptPreviewSchema>, 'host' | 'model'>;

export function previewPrompt({ messages, sections: tokens, maskedCounts, dropped, nonce }: Prompt): PromptPreview {
  const sections: PromptPreview['sections'] = [];
  for (const line of messages.flatMap(({ content }) => content.split('\n'))) {
    // A text of somebody else can begin no line, so every heading is ours.
    const name = NAMES.get(line);
    const section = sections.at(-1);
    if (name !== undefined) sections.push({ name, tokens: tokens[name] ?? 0, text: '' });
    else if (section && !line.includes(nonce)) section.text += section.text === '' ? line : `\n${line}`;
  }
  return { sections, dropped, masked: maskedCounts, body: messages.map(({ content }) => content).join('\n\n') };
}

/** Headings of both languages. */
const NAMES = new Map((Object.keys(PROMPT_WORDS) as PromptLanguage[]).flatMap((language) => SECTIONS.map((name): [string, Section] => [`## ${PROMPT_WORDS[language].headings[name]}`, name])));
