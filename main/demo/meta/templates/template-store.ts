/**
 * The account's templates and what becomes of them: created, reviewed, edited, paused, deleted, each told by its webhook (Graph API,
 * "Template management"). Invariant: a name has a language once, and a deleted name stays blocked for 30 days.
 */
import { noSuchObject, type GraphError } from '../graph-errors.ts';
import type { Random } from '../random.ts';
import type { Timers } from '../timers.ts';
import type { WebhookSender } from '../webhook-sender.ts';
import { checkEditedTemplate, checkNewTemplate, type Draft, type KindOfHandle } from './check-template.ts';
import { bodyOf, footerOf } from './components.ts';
import { review } from './review.ts';
import { categoryNotice, categoryUpdate, componentsUpdate, qualityUpdate, statusUpdate, type StatusEvent } from './template-webhooks.ts';
import { invalid, SUBCODE, type Template, type TemplateMemory } from './template.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const TEMPLATES_MAX = 250;
const CREATIONS_PER_HOUR = 100;
const EDITS_PER_DAY = 1;
const EDITS_PER_MONTH = 10;
const NAME_BLOCKED_MS = 30 * DAY_MS;

export type TemplateAnswer = { status: 'done'; template: Template } | { status: 'refused'; error: GraphError };

/** What a person at Meta, or time, does to a template. */
export type TemplateChange = {
  status?: Template['status'] | undefined;
  reason?: Template['rejectedReason'] | undefined;
  quality?: Template['quality'] | undefined;
  category?: Template['category'] | undefined;
  /** Announces that it will be this one in a day. */
  correctCategory?: Template['category'] | undefined;
};
export type TemplateSeed = Partial<Pick<Template, 'status' | 'rejectedReason' | 'quality'>>;

/** A template cannot be set as it is wanted. */
export class TemplateError extends Error {}

export type TemplateStore = {
  /** Newest first. */
  list(): readonly Template[];
  find(id: string): Template | null;
  findNamed(name: string, language: string): Template | null;
  /** @param body as it is posted. A new template is PENDING until it is reviewed. */
  create(body: unknown): TemplateAnswer;
  edit(id: string, body: unknown): TemplateAnswer;
  /** @param id of one language; null: every language of that name. */
  remove(name: string, id: string | null): GraphError | null;
  unpause(id: string): GraphError | null;
  /** Posts a webhook for each thing that really changes. */
  change(template: Template, change: TemplateChange): Template;
  /** Puts a template there without review and without webhooks. @throws TemplateError if Meta would refuse it. */
  seed(body: unknown, seed: TemplateSeed): Template;
  /** Ms until a template is reviewed; 0: only when it is told. */
  reviewAfter(ms: number): void;
  remember(): TemplateMemory;
};

export function createTemplateStore(deps: {
  memory: TemplateMemory | null;
  /** Ms; 0: never by itself. */
  reviewMs: number;
  kindOfHandle: KindOfHandle;
  post: WebhookSender['post'];
  now: () => number;
  random: Random;
  timers: Timers;
  onChange: () => void;
}): TemplateStore {
  const { now, random, timers, kindOfHandle } = deps;
  const templates = new Map((deps.memory?.templates ?? []).map((template) => [template.id, template]));
  let blockedNames = deps.memory?.blockedNames ?? [];
  let createdAt = deps.memory?.createdAt ?? [];
  let { reviewMs } = deps;

  const list = (): Template[] => [...templates.values()].toSorted((a, b) => b.place - a.place);
  const findNamed = (name: string, language: string): Template | null => list().find((template) => template.name === name && template.language === language) ?? null;
  const keep = (template: Template): Template => {
    templates.set(template.id, template);
    deps.onChange();
    return template;
  };
  const tell = (template: Template, event: StatusEvent): void => void deps.post(statusUpdate(template, event, now()));

  const change = (before: Template, { status, reason, quality, category, correctCategory }: TemplateChange): Template => {
    const at = now();
    const rejectedReason = status === undefined ? before.rejectedReason : status === 'REJECTED' ? (reason ?? 'INVALID_FORMAT') : 'NONE';
    const template = keep({
      ...before,
      status: status ?? before.status,
      rejectedReason,
      quality: quality ?? before.quality,
      qualityAt: quality === undefined ? before.qualityAt : at,
      category: category ?? before.category,
      previousCategory: category === undefined || category === before.category ? before.previousCategory : before.category,
      correctCategory: category === undefined ? (correctCategory ?? before.correctCategory) : null,
      updatedAt: at,
    });
    if (status !== undefined && (status !== before.status || rejectedReason !== before.rejectedReason)) tell(template, status);
    if (quality !== undefined && quality !== before.quality) void deps.post(qualityUpdate(template, before.quality));
    if (category !== undefined && category !== before.category) void deps.post(categoryUpdate(template, before.category));
    if (correctCategory !== undefined) void deps.post(categoryNotice(template, correctCategory, at));
    return template;
  };

  /** Decides later, unless the template has become another one until then. */
  const scheduleReview = (template: Template): void => {
    if (reviewMs === 0) return;
    timers.after(reviewMs, () => {
      const current = templates.get(template.id);
      if (current?.status !== 'PENDING' || current.updatedAt !== template.updatedAt) return;
      change(current, review(current));
    });
  };

  const add = (draft: Draft): Template =>
    keep({
      ...draft,
      id: createTemplateId(templates.size, random),
      place: Math.max(0, ...[...templates.values()].map((template) => template.place)) + 1,
      previousCategory: null,
      correctCategory: null,
      status: 'PENDING',
      rejectedReason: 'NONE',
      quality: 'UNKNOWN',
      qualityAt: now(),
      updatedAt: now(),
      editedAt: [],
    });

  /** The same words under another name are refused. */
  const judgeCopies = (draft: Draft, own: string | null): GraphError | null => {
    if (draft.category === 'AUTHENTICATION') return null;
    const textOf = (components: Template['components']): string => JSON.stringify([bodyOf(components)?.text?.trim(), footerOf(components)?.text?.trim()]);
    const twin = list().find((template) => template.id !== own && template.category !== 'AUTHENTICATION' && textOf(template.components) === textOf(draft.components));
    if (!twin) return null;
    const at = draft.components.findIndex((component) => component.type === 'BODY');
    return invalid(`components[${at}].text`, `the template ${twin.name} (${twin.language}) has the same body and footer`, SUBCODE.body);
  };

  const judgeName = ({ name, language }: Draft): GraphError | null => {
    blockedNames = blockedNames.filter((blocked) => blocked.until > now());
    if (findNamed(name, language)) return invalid('language', `there is already ${language} content for this template`, SUBCODE.languageExists);
    if (blockedNames.some((blocked) => blocked.name === name && (blocked.language ?? language) === language))
      return invalid('name', 'a template of this name was deleted: it cannot be used again for 30 days', SUBCODE.nameIsBeingDeleted);
    return null;
  };

  for (const template of templates.values()) if (template.status === 'PENDING') scheduleReview(template);

  return {
    list,
    find: (id) => templates.get(id) ?? null,
    findNamed,
    create: (body) => {
      createdAt = createdAt.filter((at) => now() - at < HOUR_MS);
      if (createdAt.length >= CREATIONS_PER_HOUR) return { status: 'refused', error: { code: 80007, details: `${CREATIONS_PER_HOUR} templates have been created in the last hour: wait` } };
      const check = checkNewTemplate(body, kindOfHandle);
      if (check.status === 'refused') return check;
      const error =
        judgeName(check.draft) ??
        (templates.size >= TEMPLATES_MAX ? invalid('name', `the account holds ${TEMPLATES_MAX} templates: delete some first`, SUBCODE.tooManyTemplates) : null) ??
        judgeCopies(check.draft, null);
      if (error) return { status: 'refused', error };
      createdAt.push(now());
      const template = add(check.draft);
      scheduleReview(template);
      return { status: 'done', template };
    },
    edit: (id, body) => {
      const before = templates.get(id);
      if (!before) return { status: 'refused', error: noSuchObject(id) };
      if (before.status !== 'APPROVED' && before.status !== 'REJECTED' && before.status !== 'PAUSED')
        return { status: 'refused', error: invalid('status', `a template that is ${before.status} cannot be edited`) };
      const check = checkEditedTemplate(before, body, kindOfHandle);
      if (check.status === 'refused') return check;
      const { draft } = check;
      const error =
        before.status === 'APPROVED' && draft.category !== before.category
          ? invalid('category', 'the category of an approved template cannot be changed')
          : (judgeEdits(before, now()) ?? judgeCopies(draft, id));
      if (error) return { status: 'refused', error };
      const editedAt = before.status === 'APPROVED' ? [...before.editedAt, now()] : before.editedAt;
      // Later than before even within one millisecond: what was scheduled for the earlier text must not decide about this one.
      const template = keep({ ...before, ...draft, status: 'PENDING', rejectedReason: 'NONE', updatedAt: Math.max(now(), before.updatedAt + 1), editedAt });
      void deps.post(componentsUpdate(template));
      scheduleReview(template);
      return { status: 'done', template };
    },
    remove: (name, id) => {
      const named = list().filter((template) => template.name === name && (id === null || template.id === id));
      if (named.length === 0) return id === null ? invalid('name', 'there is no template of this name') : invalid('hsm_id', 'there is no template with this name and id');
      const disabled = named.find((template) => template.status === 'DISABLED');
      if (disabled) return invalid('name', `${name} (${disabled.language}) is disabled and cannot be deleted`);
      const until = now() + NAME_BLOCKED_MS;
      blockedNames.push(...(id === null ? [{ name, language: null, until }] : named.map(({ language }) => ({ name, language, until }))));
      for (const template of named) {
        templates.delete(template.id);
        tell(template, 'PENDING_DELETION');
      }
      deps.onChange();
      return null;
    },
    unpause: (id) => {
      const template = templates.get(id);
      if (!template) return noSuchObject(id);
      if (template.status !== 'PAUSED') return invalid('status', `a template that is ${template.status} cannot be unpaused`);
      change(template, { status: 'APPROVED' });
      return null;
    },
    change,
    seed: (body, { status = 'APPROVED', rejectedReason = 'NONE', quality = 'UNKNOWN' }) => {
      const check = checkNewTemplate(body, kindOfHandle);
      const error = check.status === 'refused' ? check.error : judgeName(check.draft);
      if (error || check.status === 'refused') throw new TemplateError(`Meta would refuse ${JSON.stringify((body as { name?: unknown }).name)}: ${error?.details ?? ''}`);
      return keep({ ...add(check.draft), status, rejectedReason, quality });
    },
    reviewAfter: (ms) => {
      reviewMs = ms;
    },
    remember: () => ({ templates: list(), blockedNames, createdAt }),
  };
}

function judgeEdits(template: Template, now: number): GraphError | null {
  if (template.status !== 'APPROVED') return null;
  const within = (ms: number): number => template.editedAt.filter((at) => now - at < ms).length;
  if (within(DAY_MS) >= EDITS_PER_DAY) return invalid('components', 'an approved template can be edited once in 24 hours');
  return within(30 * DAY_MS) >= EDITS_PER_MONTH ? invalid('components', `an approved template can be edited ${EDITS_PER_MONTH} times in 30 days`) : null;
}

/** Every other id is above 2^53, where a plain JSON parser rounds. */
function createTemplateId(count: number, random: Random): string {
  const tail = String(random.int(100_000_000, 999_999_999));
  return count % 2 === 0 ? `4${String(random.int(1_000_000, 9_999_999))}${tail}1` : `1${String(random.int(100_000, 999_999))}${tail}`;
}
