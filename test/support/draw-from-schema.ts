/** Values that a zod schema takes, drawn by chance: what the contract itself says is what comes in. */
import { z } from 'zod';
import type { Random } from '../../main/demo/meta/random.ts';

type JsonSchema = {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
};

/** One of them fits every pattern of the contract. */
const WORDS = [
  'a',
  'ab',
  'uno',
  'Hola',
  '50255551234',
  '12345678',
  '1',
  'a'.repeat(64),
  'a'.repeat(43),
  'a'.repeat(16),
  'aGVsbG8=',
  '2026-11',
  '2026-11-23',
  '10:30',
  'es',
  'w-1_2',
  'ABCDEFGH1234',
  'a@b.example',
];
const FORMATS: Record<string, string> = {
  uuid: '018f4b7e-0000-7000-8000-000000000001',
  uri: 'http://127.0.0.1:9/x',
  url: 'http://127.0.0.1:9/x',
  date: '2026-11-23',
  'date-time': '2026-11-23T00:00:00Z',
  email: 'a@b.example',
  base64: 'aGVsbG8=',
};
const DEPTH_MAX = 8;

export type Draw = (random: Random) => unknown;

/** @returns draws; refinements are not known to it, so a drawn value may be refused by them. */
export function drawFrom(schema: z.ZodType): Draw {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const pick = <T>(random: Random, items: readonly T[]): T => items[random.int(0, items.length - 1)] as T;

  const drawText = (node: JsonSchema, random: Random): string => {
    const fits = (text: string): boolean =>
      text.length >= (node.minLength ?? 0) && text.length <= (node.maxLength ?? 1_000) && (node.pattern === undefined || new RegExp(node.pattern, 'u').test(text));
    const candidates = [...(node.format === undefined ? [] : [FORMATS[node.format] ?? '']), ...WORDS, 'x'.repeat(Math.min(node.minLength ?? 1, 1_000))].filter(fits);
    return candidates.length === 0 ? 'a' : pick(random, candidates);
  };

  const draw = (node: JsonSchema, random: Random, depth: number): unknown => {
    if (node.$ref !== undefined) return draw(root.$defs?.[node.$ref.split('/').at(-1) ?? ''] ?? {}, random, depth + 1);
    if ('const' in node) return node.const;
    if (node.enum) return pick(random, node.enum);
    const choices = node.anyOf ?? node.oneOf;
    if (choices) return draw(depth > DEPTH_MAX ? (choices.find(({ type }) => type === 'null') ?? choices[0] ?? {}) : pick(random, choices), random, depth + 1);
    if (node.allOf) return Object.assign({}, ...node.allOf.map((part) => draw(part, random, depth + 1)));
    const type = Array.isArray(node.type) ? pick(random, node.type) : node.type;
    switch (type) {
      case 'string':
        return drawText(node, random);
      case 'integer':
      case 'number': {
        const least = Math.max(node.minimum ?? -1e6, (node.exclusiveMinimum ?? -1e6) + 1);
        const most = Math.min(node.maximum ?? least + 100, (node.exclusiveMaximum ?? Number.MAX_SAFE_INTEGER) - 1, least + 100);
        return node.minimum === undefined && node.exclusiveMinimum === undefined && (node.maximum ?? 1) >= 1 ? 1 : random.int(Math.ceil(least), Math.floor(Math.max(least, most)));
      }
      case 'boolean':
        return random.next() < 0.5;
      case 'null':
        return null;
      case 'array': {
        if (node.prefixItems) return node.prefixItems.map((item) => draw(item, random, depth + 1));
        const count = Math.max(node.minItems ?? 0, depth > DEPTH_MAX ? 0 : random.int(0, 2));
        return Array.from({ length: Math.min(count, node.maxItems ?? count) }, () => draw(node.items ?? {}, random, depth + 1));
      }
      case 'object': {
        const entries = Object.entries(node.properties ?? {})
          .filter(([name]) => node.required?.includes(name) || (depth <= DEPTH_MAX && random.next() < 0.5))
          .map(([name, value]) => [name, draw(value, random, depth + 1)] as const);
        if (entries.length === 0 && typeof node.additionalProperties === 'object' && depth <= DEPTH_MAX && random.next() < 0.5)
          entries.push([String(draw(node.propertyNames ?? { type: 'string' }, random, depth + 1)), draw(node.additionalProperties, random, depth + 1)]);
        return Object.fromEntries(entries);
      }
      default:
        return 1;
    }
  };
  return (random) => draw(root, random, 0);
}

/** One that the schema takes, refinements too. @throws where a hundred were refused. */
export function drawSound<T extends z.ZodType>(schema: T, random: Random): z.input<T> {
  const draw = drawFrom(schema);
  let refusal = '';
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const value = draw(random);
    const parsed = schema.safeParse(value);
    if (parsed.success) return value as z.input<T>;
    refusal = parsed.error.message;
  }
  throw new Error(`no value fits: ${refusal}`);
}
