/**
 * Templates that leads make at Meta: submitting, editing, deleting, samples of media headers. Invariant: every design is judged by the
 * rules of the designer again, because the window is not trusted; after each call the account is read again, so that the list tells
 * what is there, also where an answer was lost.
 */
import { AppError } from '../../../contract/app-error.ts';
import { readActor } from '../../../contract/ops/actor.ts';
import { BUILTIN_TEMPLATES, isBuiltinTemplate } from '../../../contract/requests/builtin-templates.ts';
import { mayLead } from '../../../contract/rules/rights.ts';
import type { StateTx } from '../../../contract/state.ts';
import type { Template, TemplateDesign } from '../../../contract/whatsapp/template-definition.ts';
import { EDITABLE_STATUSES, templateKey } from '../../../contract/whatsapp/template-words.ts';
import { canSubmitTemplate, lintTemplate } from '../../../contract/whatsapp/template-lint.ts';
import type { SubmitResult } from '../../../contract/work-entities.ts';
import { uploadNameOf } from '../../../contract/whatsapp/media-types.ts';
import type { MediaFeature } from '../media/media.ts';
import type { GraphResult } from '../whatsapp/graph-call.ts';
import type { TemplateClient } from '../whatsapp/template-client.ts';
import type { AccountReader } from '../whatsapp/account-reader.ts';
import { toRefusal } from './refusal-fields.ts';
import type { StoredTemplates } from './template-list.ts';

/** Of samples, as the resumable upload takes them (Graph API, "Resumable Upload API"). */
const SAMPLE_TYPES = new Set(['image/jpeg', 'image/png', 'video/mp4', 'application/pdf']);
const SAMPLE_UPLOAD_MS = 10 * 60_000;

type Deps = {
  client: TemplateClient;
  account: Pick<AccountReader, 'readToken'>;
  templates: StoredTemplates;
  media: Pick<MediaFeature, 'open'>;
  state: Pick<StateTx, 'get'>;
  myId: () => string;
  readAccount: () => Promise<string | null>;
  /** Puts what Meta took into the copy. */
  keep: (wabaId: string, template: Template) => void;
  forget: (keys: readonly string[]) => void;
  lookSoon: () => void;
  signal: AbortSignal;
};

export function createTemplateDesigns({ client, account, templates, media, state, myId, readAccount, keep, forget, lookSoon, signal }: Deps) {
  const requireLead = (): void => {
    if (!mayLead(readActor(state, myId()))) throw new AppError('FORBIDDEN', 'templates are made by leads and admins');
  };
  const requireAccount = async (): Promise<string> => {
    const wabaId = await readAccount();
    if (wabaId === null) throw new AppError('NUMBER_MISSING', 'this desktop has no WhatsApp account: an admin sets its id and token');
    return wabaId;
  };

  /** What is not `ok`, as an answer. */
  const failed = (result: Exclude<GraphResult<unknown>, { status: 'ok' }>, design: TemplateDesign | null): SubmitResult =>
    result.status === 'refused' ? { status: 'refused', refusal: toRefusal(result, design) } : { status: 'unreachable', detail: result.detail };

  const submitDesign = async (design: TemplateDesign, editedId: string | null): Promise<SubmitResult> => {
    const wabaId = await requireAccount();
    const known = templates.list();
    const edited = editedId === null ? null : (known.find(({ metaId }) => metaId === editedId) ?? null);
    if (editedId !== null && !edited) throw new AppError('NOT_FOUND', `no template ${editedId}`);
    if (edited && !EDITABLE_STATUSES.includes(edited.status)) throw new AppError('NOT_ALLOWED_NOW', `a template that is ${edited.status} cannot be edited`);
    // A name and a language are what a template is: they cannot be edited.
    const wanted = edited ? { ...design, name: edited.name, language: edited.language } : design;
    const issues = lintTemplate(
      wanted,
      known.filter((other) => other !== edited),
    );
    const [issue] = issues.filter(({ severity }) => severity === 'error');
    if (issue && !canSubmitTemplate(issues)) throw new AppError('CONTENT_REFUSED', `${issue.field}: ${issue.rule}`, { field: issue.field, reason: 'invalid', limit: null });

    try {
      if (!edited) {
        const result = await client.create(wabaId, wanted, signal);
        if (result.status !== 'ok') return failed(result, wanted);
        const { id, status, category } = result.value;
        return submitted(wabaId, { ...wanted, metaId: id, status: status.toUpperCase() || 'PENDING', category: category.toUpperCase() || wanted.category, quality: 'UNKNOWN', rejectedReason: null });
      }
      // The category of an approved one is Meta's.
      const result = await client.edit(edited.metaId, wanted, edited.status === 'APPROVED' ? null : wanted.category, signal);
      if (result.status !== 'ok') return failed(result, wanted);
      return submitted(wabaId, {
        ...wanted,
        metaId: edited.metaId,
        status: 'PENDING',
        category: result.value.category?.toUpperCase() ?? (edited.status === 'APPROVED' ? edited.category : wanted.category),
        quality: edited.quality,
        rejectedReason: null,
      });
    } finally {
      lookSoon();
    }
  };

  const submitted = (wabaId: string, template: Template): SubmitResult => {
    keep(wabaId, template);
    return { status: 'submitted', key: templateKey(template), templateStatus: template.status, category: template.category };
  };

  /** The app that samples are uploaded to: the token's own. */
  const readAppId = async (): Promise<{ status: 'ok'; appId: string } | { status: 'failed'; detail: string }> => {
    const token = await account.readToken(AbortSignal.any([signal, AbortSignal.timeout(15_000)]));
    if (token.status === 'ok' && token.value.appId !== null) return { status: 'ok', appId: token.value.appId };
    const app = await client.readAppId(signal);
    if (app.status === 'ok') return { status: 'ok', appId: app.value };
    const why = app.status === 'refused' ? `${app.error.code} ${app.words?.text ?? app.error.title}` : app.detail;
    return { status: 'failed', detail: `Meta does not say which app this token is of: ${why}` };
  };

  return {
    /** @throws AppError FORBIDDEN, NUMBER_MISSING, NOT_FOUND, NOT_ALLOWED_NOW (its status allows no editing), CONTENT_REFUSED (field and rule). */
    submit: async ({ design, editedId }: { design: TemplateDesign; editedId: string | null }): Promise<SubmitResult> => {
      requireLead();
      return submitDesign(design, editedId);
    },

    /** A missing one is made, one that differs is put right where Meta allows. @throws AppError NOT_FOUND, and those of `submit`. */
    submitBuiltin: async ({ name }: { name: string }): Promise<SubmitResult> => {
      requireLead();
      if (!isBuiltinTemplate(name)) throw new AppError('NOT_FOUND', `no built-in template ${name}`);
      const design = BUILTIN_TEMPLATES[name];
      const there = templates.list().find((template) => template.name === name && template.language === design.language);
      return submitDesign(design, there && EDITABLE_STATUSES.includes(there.status) ? there.metaId : null);
    },

    remove: async ({ name, metaId }: { name: string; metaId: string | null }): Promise<SubmitResult> => {
      requireLead();
      const wabaId = await requireAccount();
      const meant = templates.list().filter((template) => template.name === name && (metaId === null || template.metaId === metaId));
      const result = await client.remove(wabaId, name, metaId, signal);
      lookSoon();
      if (result.status !== 'ok') return failed(result, null);
      forget(meant.map(({ key }) => key));
      const [first] = meant;
      return { status: 'submitted', key: first?.key ?? name, templateStatus: 'DELETED', category: first?.category ?? '' };
    },

    /** @throws AppError FORBIDDEN, FILE_GONE, FILE_REFUSED. */
    uploadSample: async ({ sha256 }: { sha256: string }): Promise<{ status: 'ok'; handle: string } | { status: 'failed'; detail: string }> => {
      requireLead();
      const file = await media.open(sha256);
      if (!file) throw new AppError('FILE_GONE');
      if (!SAMPLE_TYPES.has(file.mimeType)) throw new AppError('FILE_REFUSED', `a sample is a JPEG, PNG, MP4 or PDF, not ${file.mimeType}`);
      const app = await readAppId();
      if (app.status === 'failed') return app;
      const upload = { filename: uploadNameOf(file.mimeType), mimeType: file.mimeType, bytes: file.bytes, open: file.stream };
      const result = await client.uploadSample(app.appId, upload, AbortSignal.any([signal, AbortSignal.timeout(SAMPLE_UPLOAD_MS)]));
      if (result.status === 'ok') return { status: 'ok', handle: result.value };
      return { status: 'failed', detail: result.status === 'refused' ? (result.words?.text ?? result.error.detail ?? result.error.title) : result.detail };
    },
  };
}
export type TemplateDesigns = ReturnType<typeof createTemplateDesigns>;
