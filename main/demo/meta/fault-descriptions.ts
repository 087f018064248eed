/** What a person needs to know to set a fault by hand: meaning, shape, default and an example of each knob. */
import { z } from 'zod';
import { ACCOUNT_FAULT_EXAMPLES } from './account-faults.ts';
import { faultsSchema, NO_FAULTS, type Faults, type FaultsInput } from './faults.ts';

export type FaultDescription = { name: string; default: unknown; meaning: string; shape: string; example: unknown };

const EXAMPLES: { [Name in keyof Faults]: NonNullable<FaultsInput[Name]> } = {
  duplicates: 1,
  disorder: true,
  lateMs: 5000,
  earlyStatuses: true,
  batches: 10,
  holdWebhooks: true,
  noStatuses: true,
  noReadReceipts: true,
  sendErrors: [{ code: 131047 }, { code: 130429, times: 3, retryAfterS: 5 }, { code: 190, status: 401, details: 'Session has expired' }],
  failStatuses: [{ code: 131026, times: 2 }],
  sendHttp: { status: 502, times: 2 },
  sendHangMs: 15_000,
  dropAfterAccept: 1,
  dropBeforeAccept: 1,
  media: [{ how: 'gone' }, { how: 'cut', afterBytes: 1000 }],
  mediaExpired: true,
  mediaHost: 'http://127.0.0.1:9',
  cutSampleAfterBytes: 1000,
  pairLimit: { messages: 45, withinMs: 6_000 },
  uploadErrors: [{ code: 131053 }, { code: 2, status: 503, times: 2 }],
  uploadHangMs: 15_000,
  dropUploadAfterAccept: 1,
  dropUploadBeforeAccept: 1,
  refuse: 'unavailable',
  ...ACCOUNT_FAULT_EXAMPLES,
};

export const describeFaults = (): FaultDescription[] =>
  Object.entries(faultsSchema.shape).map(([key, schema]) => {
    const name = key as keyof Faults;
    return { name, default: NO_FAULTS[name], meaning: schema.description ?? '', shape: describeShape(z.toJSONSchema(schema, { io: 'input' })), example: EXAMPLES[name] };
  });

type JsonSchema = z.core.JSONSchema._JSONSchema;

/** In the words of someone who types JSON: `[{code: whole number, times?: whole number from 1 to 100000}, …]`. */
function describeShape(schema: JsonSchema): string {
  if (typeof schema === 'boolean') return 'anything';
  if (schema.anyOf) return schema.anyOf.map(describeShape).join(' or ');
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  const types: unknown = schema.type;
  if (Array.isArray(types)) return types.map((type) => describeShape({ ...schema, type: type as 'string' })).join(' or ');
  switch (schema.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `whole number${describeRange(schema)}`;
    case 'number':
      return `number${describeRange(schema)}`;
    case 'string':
      return 'text';
    case 'array':
      return `[${describeShape(schema.items as JsonSchema)}, …]`;
    case 'object':
      return `{${Object.entries(schema.properties ?? {})
        .map(([name, property]) => `${name}${schema.required?.includes(name) ? '' : '?'}: ${describeShape(property)}`)
        .join(', ')}}`;
    case 'null':
      return 'null';
    default:
      return 'anything';
  }
}

/** zod writes the limits of a safe integer where there are none. */
function describeRange({ minimum, maximum }: { minimum?: number | undefined; maximum?: number | undefined }): string {
  const from = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? '' : ` from ${minimum}`;
  return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? from : `${from} to ${maximum}`;
}
