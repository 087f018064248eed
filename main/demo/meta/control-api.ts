/** The stand-in's own paths (`/_…`), with which people and tests play customer, break things, and look. */
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { describeFaults } from './fault-descriptions.ts';
import type { FaultBox, FaultsInput } from './faults.ts';
import type { Journal } from './journal.ts';
import type { MediaStore } from './media-store.ts';
import { MESSAGE_KINDS, sampleMessage, type MessageKind } from './sample-messages.ts';
import { CATEGORIES, QUALITIES, REJECTION_REASONS, STATUSES, type Template } from './templates/template.ts';
import { TemplateError, type TemplateStore } from './templates/template-store.ts';
import type { CustomerWrites, Traffic } from './traffic.ts';
import type { WebhookCounts } from './webhook-sender.ts';

const phone = z.string().refine((text) => text.replace(/\D/g, '').length >= 5, 'a phone number with country code');
const wamid = z.string().min(1);

/** What is written, by whomever: text, a sample of a kind, any type with its part of the message, or something about another message. */
const writing = {
  text: z.string().optional(),
  kind: z.enum(MESSAGE_KINDS).optional(),
  type: z.string().min(1).optional(),
  message: z.record(z.string(), z.unknown()).optional(),
  reactsTo: wamid.optional(),
  emoji: z.string().optional(),
  edits: wamid.optional(),
  revokes: wamid.optional(),
  quotes: wamid.optional(),
  /** Seconds since the epoch. */
  timestamp: z.coerce.number().int().positive().optional(),
};
const isSomething = (input: { [K in keyof typeof writing]?: unknown } & { changesNumberTo?: unknown; changesUserIdTo?: unknown; marketing?: unknown }): boolean =>
  [input.text, input.kind, input.message, input.reactsTo, input.revokes, input.changesNumberTo, input.changesUserIdTo, input.marketing].some((part) => part !== undefined) ||
  (input.type !== undefined && input.type !== 'text');
const SOMETHING = 'text, kind, type and message, reactsTo, edits, revokes or a change is needed';
const hasText = (input: { edits?: unknown; text?: unknown }): boolean => input.edits === undefined || input.text !== undefined;

const customerSchema = z
  .strictObject({
    ...writing,
    from: phone.optional(),
    userId: z.string().min(1).max(200).optional(),
    name: z.string().optional(),
    username: z.string().optional(),
    changesNumberTo: phone.optional(),
    changesUserIdTo: z.string().min(1).max(200).optional(),
    marketing: z.enum(['stop', 'resume']).optional(),
    isStandby: z.boolean().optional(),
    /** So many messages; `{n}` in the text becomes 1, 2, 3… */
    times: z.number().int().min(1).max(10_000).default(1),
  })
  .refine((input) => input.from !== undefined || input.userId !== undefined, 'from or userId is needed')
  .refine(isSomething, SOMETHING)
  .refine(hasText, 'edits needs text');
export type CustomerInput = z.input<typeof customerSchema>;

const phoneSchema = z
  .strictObject({ ...writing, to: phone })
  .refine(isSomething, SOMETHING)
  .refine(hasText, 'edits needs text');
export type PhoneInput = z.input<typeof phoneSchema>;

const changeSchema = z.strictObject({ field: z.string().min(1), value: z.record(z.string(), z.unknown()) });

const status = z.enum(STATUSES);
const quality = z.enum(QUALITIES);
const category = z.enum(CATEGORIES);
const reason = z.enum(REJECTION_REASONS);
const templatesSchema = z.strictObject({
  /** Templates that are there from one moment to the next, without review and without webhooks. */
  seed: z.array(z.strictObject({ body: z.record(z.string(), z.unknown()), status: status.optional(), rejectedReason: reason.optional(), quality: quality.optional() })).optional(),
  /** What Meta does to one of them; `language` can be left out where the name has one only. */
  change: z
    .strictObject({
      name: z.string(),
      language: z.string().optional(),
      status: status.optional(),
      reason: reason.optional(),
      quality: quality.optional(),
      category: category.optional(),
      correctCategory: category.optional(),
    })
    .optional(),
  /** Ms until a template that comes from now on is reviewed; 0: only by `change`. */
  reviewMs: z.number().int().min(0).max(86_400_000).optional(),
});
export type TemplatesInput = z.input<typeof templatesSchema>;

/** Sets templates as they are wanted. @throws ZodError for a wrong input, TemplateError for a template that is not there or that Meta would refuse. */
export function setTemplates(templates: TemplateStore, input: TemplatesInput): readonly Template[] {
  const { seed, change, reviewMs } = templatesSchema.parse(input);
  if (reviewMs !== undefined) templates.reviewAfter(reviewMs);
  for (const { body, ...rest } of seed ?? []) templates.seed(body, { status: rest.status ?? 'APPROVED', rejectedReason: rest.rejectedReason ?? 'NONE', quality: rest.quality ?? 'UNKNOWN' });
  if (change) {
    const { name, language, ...what } = change;
    const named = templates.list().filter((template) => template.name === name && (language ?? template.language) === template.language);
    const [found, other] = named;
    if (!found || other) throw new TemplateError(found ? `${name} has several languages: say which` : `there is no template ${name}`);
    templates.change(found, what);
  }
  return templates.list();
}
type Writers = { traffic: Traffic; media: Pick<MediaStore, 'add'> };

/** A sample as `type` and `message`. */
function fromKind(kind: MessageKind | undefined, media: Pick<MediaStore, 'add'>): Pick<CustomerWrites, 'type' | 'message'> {
  if (kind === undefined) return {};
  const { type, ...message } = sampleMessage(kind, media);
  return { type, message };
}

/** Makes a customer write; returns the ids of what was written. Throws a ZodError for a wrong input. */
export function writeAsCustomer({ traffic, media }: Writers, input: CustomerInput): { id: string; ids: string[] } {
  const { times, text, kind, ...rest } = customerSchema.parse(input);
  const ids = Array.from({ length: times }, (_, index) => {
    const write: CustomerWrites = { ...rest, ...fromKind(kind, media), text: text?.replaceAll('{n}', String(index + 1)) };
    return traffic.customerWrites(write).id;
  });
  return { id: ids[0] ?? '', ids };
}

/** Makes a colleague write on the phone with the same number. Throws a ZodError for a wrong input. */
export function writeOnPhone({ traffic, media }: Writers, input: PhoneInput): { id: string } {
  const { kind, ...rest } = phoneSchema.parse(input);
  return traffic.phoneWrites({ ...rest, ...fromKind(kind, media) });
}

export type StandInState = { webhooks: WebhookCounts; calls: number; customers: number; verified: boolean | null };

export function createControlApi(deps: Writers & { templates: TemplateStore; journal: Journal; faults: FaultBox; state: () => StandInState; verifyWebhook: () => Promise<boolean | null> }): Router {
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
    response.json(writeAsCustomer(deps, request.body as CustomerInput));
  });
  router.post('/_phone', json, (request, response) => {
    response.json(writeOnPhone(deps, request.body as PhoneInput));
  });
  router.post('/_webhook', json, (request, response) => {
    deps.traffic.postChange(changeSchema.parse(request.body));
    response.json({ posted: true });
  });
  router.get('/_templates', (_request, response) => {
    response.json({ templates: deps.templates.list() });
  });
  router.post('/_templates', json, (request, response) => {
    response.json({ templates: setTemplates(deps.templates, request.body as TemplatesInput) });
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
    else if (error === 'no such path') response.status(404).json({ error, paths: ['_faults', '_journal', '_customer', '_phone', '_webhook', '_templates', '_state', '_verify'] });
    else if (error instanceof TemplateError) response.status(400).json({ error: error.message });
    else if (error instanceof SyntaxError) response.status(400).json({ error: 'the body is not JSON' });
    else next(error);
  });
  return router;
}
