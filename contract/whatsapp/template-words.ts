/** Meta's words for templates, and the variables in their texts. Apart from `template-definition.ts`: what a window shows at its start loads no schemas. */

export const TEMPLATE_CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION'] as const;
/** Meta's statuses; further ones are kept as they come. Only APPROVED can be sent; only EDITABLE_STATUSES can be edited. */
export const TEMPLATE_STATUSES = ['APPROVED', 'PENDING', 'REJECTED', 'PAUSED', 'DISABLED', 'IN_APPEAL', 'PENDING_DELETION', 'DELETED', 'ARCHIVED', 'LIMIT_EXCEEDED', 'FLAGGED'] as const;
export const EDITABLE_STATUSES: readonly string[] = ['APPROVED', 'REJECTED', 'PAUSED'];

/** One key for name and language, as files, rows and clients name a template. */
export const templateKey = ({ name, language }: { name: string; language: string }): string => `${name}/${language.replaceAll('-', '_')}`;

// Linear on hostile text: nothing in it can match the same characters in two ways.
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
/** A variable where it stands: its name (or number), and its place with the braces (UTF-16 offsets). */
export type Placeholder = { name: string; start: number; end: number };
export const findPlaceholders = (text: string): Placeholder[] =>
  Array.from(text.matchAll(PLACEHOLDER), ({ 0: whole, 1: name = '', index }) => ({ name: name.trim(), start: index, end: index + whole.length }));
/** Names (or numbers) of the variables in a text, each once, in the order of their first place. */
export const placeholdersOf = (text: string): string[] => [...new Set(findPlaceholders(text).map(({ name }) => name))];
/** The text with values for its variables; one without a value stays as it is written. */
export const fillPlaceholders = (text: string, valueOf: (name: string) => string | undefined): string => text.replace(PLACEHOLDER, (whole, name: string) => valueOf(name.trim()) ?? whole);
