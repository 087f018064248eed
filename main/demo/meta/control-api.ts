/** The stand-in's own paths (`/_…`), with which people and tests play customer, break things, and look. */
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { describeFaults } from './fault-descriptions.ts';
import type { FaultBox, FaultsInput } from './faults.ts';
import type { Journal } from './journal.ts';
import type { CustomerWrites, Traffic } from './traffic.ts';
import type { WebhookCounts } from './webhook-sender.ts';

const customerSchema = z
  .strictObject({
    from: z
      .string()
      .refine((phone) => phone.replace(/\D/g, '').length >= 5, 'a phone number with country code')
      .optional(),
    userId: z.string().min(1).max(200).optional(),
    name: z.string().optional(),
    username: z.string().optional(),
    text: z.string().optional(),
    type: z.string().min(1).optional(),
    message: z.record(z.string(), z.unknown()).optional(),
    /** Seconds since the epoch. */
    timestamp: z.coerce.number().int().positive().optional(),
    quotes: z.string().optional(),
    /** So many messages; `{n}` in the text becomes 1, 2, 3… */
    times: z.number().int().min(1).max(10_000).default(1),
  })
  .refine((input) => input.from !== undefined || input.userId !== undefined, 'from or userId is needed')
  .refine((input) => input.text !== undefined || (input.type !== undefined && input.type !== 'text') || input.message !== undefined, 'text, or type and message, is needed');
export type CustomerInput = z.input<typeof customerSchema>;

/** Makes a customer write; returns the ids of what was written. Throws a ZodError for a wrong input. */
export function writeAsCustomer(traffic: Traffic, input: CustomerInput): { id: string; ids: string[] } {
  const { times, text, ...rest } = customerSchema.parse(input);
  const ids = Array.from({ length: times }, (_, index) => {
    const write: CustomerWrites = { ...rest, text: text?.replaceAll('{n}', String(index + 1)) };
    return traffic.customerWrites(write).id;
  });
  return { id: ids[0] ?? '', ids };
}

export type StandInState = { webhooks: WebhookCounts; calls: number; customers: number; verified: boolean | null };

export function createControlApi(deps: { traffic: Traffic; journal: Journal; faults: FaultBox; state: () => StandInState; verifyWebhook: () => Promise<boolean | null> }): Router {
  const router = express.Router();
  const json = express.json({ type: () => true, limit: '5mb' });
  router.get('/_faults', (_request, response) => {
    response.json({ faults: deps.faults.current(), knobs: describeFaults(), reset: 'POST {"reset": true} takes everything back; other keys of the same body are set afterwards' });
  });
  router.post('/_faults', json, (request, response) => {
    response.json({ faults: deps.faults.set(request.body as FaultsInput) });
  });
  router.get('/_journal', (_request, response) => {
    response.json({ calls: deps.journal.calls() });
  });
  router.delete('/_journal', (_request, response) => {
    deps.journal.clear();
    response.json({ calls: [] });
  });
  router.post('/_customer', json, (request, response) => {
    response.json(writeAsCustomer(deps.traffic, request.body as CustomerInput));
  });
  router.get('/_state', (_request, response) => {
    response.json(deps.state());
  });
  router.post('/_verify', async (_request, response) => {
    response.json({ verified: await deps.verifyWebhook() });
  });
  router.use((request: Request, _response: Response, next: NextFunction) => next(request.path.startsWith('/_') ? 'no such path' : undefined));
  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (error instanceof z.ZodError) response.status(400).json({ error: 'wrong input', issues: error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`) });
    else if (error === 'no such path') response.status(404).json({ error, paths: ['_faults', '_journal', '_customer', '_state', '_verify'] });
    else if (error instanceof SyntaxError) response.status(400).json({ error: 'the body is not JSON' });
    else next(error);
  });
  return router;
}
