import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { clientFrameSchema, enrollRequestSchema, enrollResponseSchema, PROTOCOL_FLOOR, PROTOCOL_VERSION, relayEventSchema, serverFrameSchema } from '../../../contract/wire.ts';

/** Hash of the wire schemas at each protocol version. A change of the frames is a new version with a line of its own. */
const KNOWN: Record<number, string> = { 1: '755c850ffb5ed212' };

it('fails until PROTOCOL_VERSION is raised when a frame between desktop and relay changes', () => {
  const schemas = [clientFrameSchema, serverFrameSchema, relayEventSchema, enrollRequestSchema, enrollResponseSchema].map((schema) => z.toJSONSchema(schema));
  const hash = createHash('sha256').update(JSON.stringify(schemas)).digest('hex').slice(0, 16);
  expect(hash, 'the frames changed: raise PROTOCOL_VERSION in contract/wire.ts, add a history line there and the new hash here').toBe(KNOWN[PROTOCOL_VERSION]);
  expect(PROTOCOL_FLOOR).toBeLessThanOrEqual(PROTOCOL_VERSION);
});
