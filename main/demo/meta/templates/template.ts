/** A message template as Meta keeps it, and what a refused one is answered. */
import { z } from 'zod';
import { componentsSchema } from './components.ts';
import type { GraphError } from '../graph-errors.ts';

export const CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION'] as const;
export const STATUSES = ['APPROVED', 'PENDING', 'REJECTED', 'PAUSED', 'DISABLED', 'IN_APPEAL', 'ARCHIVED', 'LIMIT_EXCEEDED'] as const;
export const REJECTION_REASONS = ['ABUSIVE_CONTENT', 'CATEGORY_NOT_AVAILABLE', 'INCORRECT_CATEGORY', 'INVALID_FORMAT', 'NONE', 'PROMOTIONAL', 'SCAM', 'TAG_CONTENT_MISMATCH'] as const;
export const QUALITIES = ['GREEN', 'YELLOW', 'RED', 'UNKNOWN'] as const;

export const templateSchema = z.object({
  /** Digits, often of a number above 2^53. */
  id: z.string(),
  /** Grows with every template; the newest is listed first. */
  place: z.number().int(),
  name: z.string(),
  language: z.string(),
  category: z.enum(CATEGORIES),
  previousCategory: z.enum(CATEGORIES).nullable(),
  /** What it will be in 24 hours, as Meta has announced. */
  correctCategory: z.enum(CATEGORIES).nullable(),
  parameterFormat: z.enum(['POSITIONAL', 'NAMED']),
  components: componentsSchema,
  status: z.enum(STATUSES),
  rejectedReason: z.enum(REJECTION_REASONS),
  quality: z.enum(QUALITIES),
  /** Times in ms. */
  qualityAt: z.number(),
  updatedAt: z.number(),
  /** When it was edited while it was approved. */
  editedAt: z.array(z.number()),
});
export type Template = z.infer<typeof templateSchema>;

/** What a restart must not forget. */
export const templateMemorySchema = z.object({
  templates: z.array(templateSchema),
  /** Names that may not be used again yet; `language` null: in no language. `until`: ms. */
  blockedNames: z.array(z.object({ name: z.string(), language: z.string().nullable(), until: z.number() })),
  /** When templates were created, ms. */
  createdAt: z.array(z.number()),
});
export type TemplateMemory = z.infer<typeof templateMemorySchema>;

/** Subcodes of 100 that are known; what has none here is refused without. */
export const SUBCODE = {
  tooManyTemplates: 2388019,
  nameIsBeingDeleted: 2388023,
  languageExists: 2388024,
  tooLong: 2388040,
  partIsMissing: 2388043,
  header: 2388047,
  body: 2388072,
  footer: 2388073,
  tooManyVariables: 2388293,
  variableAtEdge: 2388299,
} as const;

/** @param field path in the body, as `components[1].text`. */
export const invalid = (field: string, message: string, subcode?: number): GraphError => ({
  code: 100,
  subcode,
  details: `${field}: ${message}`,
  userTitle: TITLES.get(subcode) ?? 'Invalid parameter',
  userMsg: `${field}: ${message}`,
});

const TITLES = new Map<number | undefined, string>([
  [SUBCODE.tooManyTemplates, 'The account holds as many templates as it may'],
  [SUBCODE.nameIsBeingDeleted, 'The template is being deleted'],
  [SUBCODE.languageExists, 'Content in this language already exists'],
  [SUBCODE.tooLong, 'A field is longer than allowed'],
  [SUBCODE.partIsMissing, 'A component lacks a field'],
  [SUBCODE.header, 'The header format is incorrect'],
  [SUBCODE.body, 'The body format is incorrect'],
  [SUBCODE.footer, 'The footer format is incorrect'],
  [SUBCODE.tooManyVariables, 'The template has too many variables for its length'],
  [SUBCODE.variableAtEdge, 'Variables cannot be at the start or end of the template'],
]);
