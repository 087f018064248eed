import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import * as http from '../../../contract/wire-http.ts';
import { clientFrameSchema, PROTOCOL_FLOOR, PROTOCOL_VERSION, relayEventSchema, serverFrameSchema } from '../../../contract/wire.ts';

/** Hash of the wire schemas at each protocol version. A change of the frames is a new version with a line of its own. */
const KNOWN: Record<number, string> = { 1: '755c850ffb5ed212', 2: '21a462d0fd403e8b', 3: '41d87729a8d1e22b', 4: '5f8c7cd21cecd5d2', 5: '8a1ba3fc34f8dd74' };
/** Every body that goes over HTTP, by its name. */
const httpSchemas = Object.entries(http).flatMap(([name, value]) => (value instanceof z.ZodType ? [[name, value] as const] : []));

it('fails until PROTOCOL_VERSION is raised when a frame or a body between desktop and relay changes', () => {
  expect(httpSchemas.length).toBeGreaterThan(8);
  const schemas = [clientFrameSchema, serverFrameSchema, relayEventSchema, ...httpSchemas.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, schema]) => schema)].map((schema) => z.toJSONSchema(schema));
  const hash = createHash('sha256').update(JSON.stringify(schemas)).digest('hex').slice(0, 16);
  expect(hash, 'frames or bodies changed: raise PROTOCOL_VERSION in contract/wire.ts, add a history line there and the new hash here').toBe(KNOWN[PROTOCOL_VERSION]);
  expect(PROTOCOL_FLOOR).toBeLessThanOrEqual(PROTOCOL_VERSION);
});
