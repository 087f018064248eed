/** What leaves the machine, as people look at it before and after: word for word, by sections. */
import type { Prompt } from './prompt.ts';
import { PROMPT_WORDS, SECTIONS, type PromptLanguage, type Section } from './prompt-words.ts';

export type PromptPreview = {
  sections: { name: Section; heading: string; tokens: number; text: string }[];
  maskedCounts: Record<string, number>;
  dropped: string[];
  /** All of it, as it is sent. */
  text: string;
};

export function previewPrompt({ messages, sections: tokens, maskedCounts, dropped, nonce }: Prompt): PromptPreview {
  const text = messages.map(({ content }) => content).join('\n\n');
  const sections: PromptPreview['sections'] = [];
  for (const line of messages.flatMap(({ content }) => content.split('\n'))) {
    const name = sectionOf(line);
    // A text of somebody else can begin no line, so every heading is ours.
    if (name !== null) sections.push({ name, heading: line.slice(HEADING.length), tokens: tokens[name] ?? 0, text: '' });
    else if (!line.includes(nonce)) {
      const section = sections.at(-1);
      if (section) section.text += section.text === '' ? line : `\n${line}`;
    }
  }
  return { sections, maskedCounts, dropped, text };
}

const HEADING = '## ';
const NAMES = new Map((Object.keys(PROMPT_WORDS) as PromptLanguage[]).flatMap((language) => SECTIONS.map((name): [string, Section] => [`${HEADING}${PROMPT_WORDS[language].headings[name]}`, name])));
const sectionOf = (line: string): Section | null => NAMES.get(line) ?? null;
