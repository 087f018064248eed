/**
 * From the values of a form to the message that travels in the log. Invariants: values are cleaned here whatever the window says; nothing
 * gets further that Meta would refuse for its values; a template of a request goes to whom it is meant for, or its author said otherwise.
 */
import { AppError } from '../../../contract/app-error.ts';
import { rootOf } from '../../../contract/ops/contact-ops.ts';
import { outboundContentSchema, type OutboundContent } from '../../../contract/ops/op.ts';
import { EVENT_TEMPLATES, eventOfTemplate, type RequestRole } from '../../../contract/requests/request-rules.ts';
import { safeFilename } from '../../../contract/rules/safe-filename.ts';
import type { ServiceRequestRow, StateTx } from '../../../contract/state.ts';
import { judgeContent } from '../../../contract/whatsapp/build-message.ts';
import { uploadNameOf } from '../../../contract/whatsapp/media-types.ts';
import type { TemplateContent } from '../../../contract/whatsapp/message-content.ts';
import type { Template } from '../../../contract/whatsapp/template-definition.ts';
import { fillTemplate, judgeValues, slotsOf, type TemplateValues } from '../../../contract/whatsapp/template-slots.ts';
import type { TemplateInput } from '../../../contract/work-api.ts';
import { readOwnFile, type OpenFile } from '../messages/compose.ts';

export type TemplateOutbound = Extract<OutboundContent, { kind: 'template' }>;

/** @param file the header's, if the input names one. @throws AppError CONTENT_REFUSED (naming the slot), FILE_GONE, FILE_REFUSED. */
export function composeTemplate(template: Template, input: Omit<TemplateInput, 'key'>, file: OpenFile | null, request: TemplateContent['request']): TemplateOutbound {
  const slots = slotsOf(template);
  const fileSlot = slots.find((slot) => slot.kind === 'file');
  const chosen = fileSlot ? input.file : null;
  const filename = fileSlot?.mediaKind === 'document' && chosen ? safeFilename(chosen.filename) : null;
  const values: TemplateValues = { texts: input.texts, place: input.place, filename };
  const [problem] = judgeValues(template, values, chosen !== null);
  if (problem) throw refuse(problem.key, problem.reason === 'empty' ? 'missing' : 'too_long', problem.limit);
  const filled = fillTemplate(template, values, request);
  const own = fileSlot && chosen ? readOwnFile({ kind: fileSlot.mediaKind, sha256: chosen.sha256, filename: chosen.filename }, file).media : null;
  const header = filled.header?.format === 'DOCUMENT' && own ? { ...filled.header, filename: filename ?? uploadNameOf(own.mimeType) } : filled.header;
  const parsed = outboundContentSchema.safeParse({ ...filled, header, ...(own ? { media: own } : {}) });
  if (!parsed.success || parsed.data.kind !== 'template') throw refuse(String(parsed.error?.issues[0]?.path[0] ?? 'body'), 'invalid', null);
  // What is left can only be of a template that Meta itself would not take.
  const unsendable = judgeContent(parsed.data);
  if (unsendable) throw refuse(unsendable.field, unsendable.reason, unsendable.limit);
  return parsed.data;
}

const refuse = (field: string, reason: 'missing' | 'too_long' | 'too_many' | 'repeated' | 'invalid', limit: number | null): AppError =>
  new AppError('CONTENT_REFUSED', `${field}: ${reason}${limit === null ? '' : ` (${limit})`}`, { field, reason, limit });

/** Whether `contactId` is the one whom this template of a request is for, and as what they are told. */
export function judgeRole(state: Pick<StateTx, 'get' | 'list'>, template: Pick<Template, 'name'>, request: ServiceRequestRow, contactId: string): { role: RequestRole; isRight: boolean } {
  const isThem = (id: string | null | undefined): boolean => typeof id === 'string' && rootOf(state, id) === rootOf(state, contactId);
  /** Where the request names nobody, whoever it is talked about with counts. */
  const isLinked = (role: RequestRole): boolean => {
    const link = state.get('request_link', [request.id, role]);
    return link !== undefined && isThem(state.get('conversation', [link.conversation_id])?.contact_id);
  };
  const isNow = (role: RequestRole): boolean => {
    const named = role === 'customer' ? request.customer_id : request.vendor_id;
    return named === null ? isLinked(role) : isThem(named);
  };
  const wasTold = (role: RequestRole): boolean => state.list('request_event_by_request', [request.id]).some((event) => event.role === role && isThem(event.contact_id));
  const kind = eventOfTemplate(template.name);
  if (kind === null) {
    const role = (['customer', 'vendor'] as const).find((one) => isNow(one) || isLinked(one) || wasTold(one));
    return { role: role ?? 'customer', isRight: role !== undefined };
  }
  const { role } = EVENT_TEMPLATES[kind];
  // Only who had the request can lose it.
  return { role, isRight: kind === 'vendor_removed' ? wasTold(role) && !isNow(role) : isNow(role) };
}
