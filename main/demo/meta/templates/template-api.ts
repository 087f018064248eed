/** The Graph API's template management: list, create, read, edit, delete, unpause. Runs after the token was checked. */
import express, { type Response, type Router } from 'express';
import { noSuchObject, type GraphError } from '../graph-errors.ts';
import type { Button } from './components.ts';
import type { SampleUploads } from './sample-uploads.ts';
import type { TemplateStore } from './template-store.ts';
import type { Template } from './template.ts';

const LIMIT_DEFAULT = 25;
const LIMIT_MAX = 1000;
const DEFAULT_FIELDS = ['name', 'parameter_format', 'components', 'language', 'status', 'category', 'id'];

export function createTemplateApi(deps: { wabaId: string; templates: TemplateStore; samples: Pick<SampleUploads, 'addressOf'>; refuse: (response: Response, error: GraphError) => void }): Router {
  const { wabaId, templates, refuse } = deps;
  const router = express.Router();
  const view = (template: Template, fields: readonly string[], baseUrl: string): Record<string, unknown> => {
    const all = toFields(template, (handle) => deps.samples.addressOf(handle, baseUrl));
    return Object.fromEntries([...new Set([...fields, 'id'])].filter((field) => all[field] !== undefined).map((field) => [field, all[field]]));
  };
  const baseOf = (request: express.Request): string => `${request.protocol}://${request.headers.host ?? '127.0.0.1'}`;

  router.get('/:id/message_templates', (request, response) => {
    if (request.params.id !== wabaId) return refuse(response, noSuchObject(request.params.id));
    const query = new URL(request.originalUrl, 'http://localhost').searchParams;
    const fields = readFields(query.get('fields'));
    if (typeof fields === 'string') return refuse(response, { code: 100, details: `fields: (#100) Tried accessing nonexisting field (${fields})` });
    const limit = Number(query.get('limit') ?? LIMIT_DEFAULT);
    if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) return refuse(response, { code: 100, details: `limit: a whole number from 1 to ${LIMIT_MAX}` });
    const after = query.get('after');
    const afterPlace = after === null ? Infinity : readCursor(after);
    if (afterPlace === null) return refuse(response, { code: 100, details: 'after: is no cursor' });
    const wanted = (key: string, value: string): boolean => query.get(key) === null || query.get(key)?.toUpperCase() === value.toUpperCase();
    const matching = templates
      .list()
      .filter((template) => template.place < afterPlace && wanted('status', template.status) && wanted('category', template.category) && wanted('language', template.language))
      .filter((template) => template.name.includes(query.get('name') ?? ''));
    const page = matching.slice(0, limit);
    const [first, last] = [page[0], page.at(-1)];
    if (!first || !last) return void response.json({ data: [] });
    query.set('after', toCursor(last.place));
    const next = `${baseOf(request)}${new URL(request.originalUrl, 'http://localhost').pathname}?${query.toString()}`;
    response.json({
      data: page.map((template) => view(template, fields, baseOf(request))),
      paging: { cursors: { before: toCursor(first.place), after: toCursor(last.place) }, ...(matching.length > page.length && { next }) },
    });
  });

  router.post('/:id/message_templates', (request, response) => {
    if (request.params.id !== wabaId) return refuse(response, noSuchObject(request.params.id));
    const answer = templates.create(request.body);
    if (answer.status === 'refused') return refuse(response, answer.error);
    response.json({ id: answer.template.id, status: answer.template.status, category: answer.template.category });
  });

  router.delete('/:id/message_templates', (request, response) => {
    if (request.params.id !== wabaId) return refuse(response, noSuchObject(request.params.id));
    const { name, hsm_id: id } = request.query;
    if (typeof name !== 'string' || name === '') return refuse(response, { code: 100, details: 'name: is missing' });
    const error = templates.remove(name, typeof id === 'string' ? id : null);
    if (error) return refuse(response, error);
    response.json({ success: true });
  });

  router.get('/:id', (request, response, next) => {
    const template = templates.find(request.params.id);
    if (!template) return next();
    const fields = readFields(typeof request.query['fields'] === 'string' ? request.query['fields'] : null);
    if (typeof fields === 'string') return refuse(response, { code: 100, details: `fields: (#100) Tried accessing nonexisting field (${fields})` });
    response.json(view(template, fields, baseOf(request)));
  });
  router.post('/:id', (request, response, next) => {
    if (!templates.find(request.params.id)) return next();
    const answer = templates.edit(request.params.id, request.body);
    if (answer.status === 'refused') return refuse(response, answer.error);
    response.json({ success: true, id: answer.template.id, name: answer.template.name, category: answer.template.category });
  });
  router.post('/:id/unpause', (request, response) => {
    const error = templates.unpause(request.params.id);
    if (error) return refuse(response, error);
    response.json({ success: true });
  });
  return router;
}

/** @param addressOf where the file of a handle can be seen: Meta answers that instead of the handle. */
function toFields(template: Template, addressOf: (handle: string) => string | null): Record<string, unknown> {
  const components = template.components.map((component) => {
    if (component.type === 'BUTTONS') return { ...component, buttons: component.buttons.map(toButton) };
    if (component.type !== 'HEADER' || component.format === 'TEXT' || component.format === 'LOCATION') return component;
    const [handle] = component.example.header_handle;
    return { ...component, example: { header_handle: [addressOf(handle) ?? `https://scontent.whatsapp.net/gone/${encodeURIComponent(handle)}`] } };
  });
  return {
    id: template.id,
    name: template.name,
    language: template.language,
    status: template.status,
    category: template.category,
    parameter_format: template.parameterFormat,
    components,
    rejected_reason: template.rejectedReason,
    quality_score: { score: template.quality, date: Math.floor(template.qualityAt / 1000) },
    last_updated_time: new Date(template.updatedAt).toISOString().replace('.000Z', '+0000'),
    previous_category: template.previousCategory ?? undefined,
    correct_category: template.correctCategory ?? undefined,
  };
}

/** Meta writes the label of some buttons itself. */
function toButton(button: Button): Record<string, unknown> {
  if (button.type === 'COPY_CODE') return { ...button, text: 'Copy offer code', example: [button.example] };
  return button.type === 'OTP' ? { ...button, text: button.text ?? 'Copy code' } : button;
}

const KNOWN_FIELDS = new Set([...DEFAULT_FIELDS, 'rejected_reason', 'quality_score', 'last_updated_time', 'previous_category', 'correct_category', 'sub_category', 'message_send_ttl_seconds']);

/** @returns the names, or the one that is not known. */
function readFields(given: string | null): string[] | string {
  const fields = given ? given.split(',').map((field) => field.trim()) : DEFAULT_FIELDS;
  return fields.find((field) => !KNOWN_FIELDS.has(field)) ?? fields;
}

const toCursor = (place: number): string => Buffer.from(`at:${place}`).toString('base64url');
function readCursor(cursor: string): number | null {
  const place = /^at:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  return place === undefined ? null : Number(place);
}
