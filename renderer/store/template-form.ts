/**
 * What stands in the form of a template: for each of its slots what was typed or chosen, else the best proposal, and where that is
 * from. Invariant: what is given out here to be sent is what `judgeValues` accepts and what the preview shows.
 */
import { EVENT_TEMPLATES, eventOfTemplate, type RequestRole, type ValueSource } from '../../contract/requests/request-rules.ts';
import type { MediaKind } from '../../contract/whatsapp/message-content.ts';
import type { Template } from '../../contract/whatsapp/template-definition.ts';
import { cleanValue, flattenValue, judgeValues, slotsOf, type SlotProblem, type TemplatePlace, type TemplateSlot, type TemplateValues } from '../../contract/whatsapp/template-slots.ts';
import type { TemplateInput } from '../../contract/work-api.ts';
import type { SlotProposal } from '../../contract/work-entities.ts';
import type { CardForms } from '../attach/card-forms.ts';
import { readDegrees } from '../attach/parse-location.ts';
import type { DraftItem } from './draft-messages.ts';
import type { TrayEntry, TrayStatus } from './tray-store.ts';

export type Candidate = SlotProposal['candidates'][number];
/** What was taken out of a value because WhatsApp does not take it: line breaks, tabs, runs of spaces, other invisible characters. */
export type Removed = { breaks: number; tabs: number; spaces: number; others: number };
/** `candidate`: an alternative that was chosen; null: it was typed. */
export type SlotEdit = { text: string; candidate: Candidate | null; removed: Removed | null };

/** `other_kind`: a file, but not of the kind that the header shows. */
export type HeaderFileStatus = TrayStatus | { state: 'other_kind'; is: MediaKind };
/** `sha256` null: the engine does not have it yet. */
export type HeaderFile = Pick<TrayEntry, 'converted' | 'isStilled' | 'durationMs' | 'preview'> & Pick<DraftItem, 'filename' | 'mimeType' | 'kind' | 'bytes' | 'sha256'> & { status: HeaderFileStatus };

export type TemplateForm = {
  /** By key of the slot; what is not in it has its best proposal. */
  edits: Readonly<Record<string, SlotEdit>>;
  place: CardForms['location'];
  file: HeaderFile | null;
};
export const NO_FORM: TemplateForm = { edits: {}, place: { source: '', latitude: '', longitude: '', name: '', address: '' }, file: null };

export type TextSlot = Extract<TemplateSlot, { kind: 'text' }>;
/** `from`: where the text is from; null: it was typed, or there is none. `source`: what it stands for by its best proposal. `removed`: of what was typed, pasted or proposed. */
export type FilledText = {
  slot: TextSlot;
  text: string;
  from: Candidate | null;
  isTyped: boolean;
  candidates: readonly Candidate[];
  source: ValueSource | null;
  removed: Removed | null;
  problem: SlotProblem | null;
};
export type FilledForm = {
  texts: readonly FilledText[];
  /** The header's, where it is none of text. */
  header: Exclude<TemplateSlot, TextSlot> | null;
  values: TemplateValues;
  /** What stands in the way, in the order of the fields. */
  problems: readonly SlotProblem[];
  /** Null while something is in the way. */
  input: TemplateInput | null;
};

/** As the field shows what was typed, with what had to be taken out of it. */
export function tidyText(raw: string): { text: string; removed: Removed | null } {
  const text = flattenValue(raw);
  if (text === raw) return { text, removed: null };
  const count = (pattern: RegExp): number => Array.from(raw.matchAll(pattern)).length;
  const spaces = raw.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').matchAll(/ {5,}/g);
  return {
    text,
    removed: { breaks: count(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/g), tabs: count(/\t/g), spaces: Array.from(spaces).length, others: count(/[^\P{Cc}\n\r\v\f\u0085\t]/gu) },
  };
}

/** The role that a built-in template is for; null: anybody's. */
export function roleOfTemplate(name: string): RequestRole | null {
  const event = eventOfTemplate(name);
  return event && EVENT_TEMPLATES[event].role;
}

/** What the variable of a built-in template stands for; null: only its author knows. */
function sourceOf(template: Template, slot: TextSlot): ValueSource | null {
  const event = eventOfTemplate(template.name);
  return (slot.part === 'body' && event && EVENT_TEMPLATES[event].parameters[Number(slot.name) - 1]) || null;
}

export function fillForm(template: Template & { key: string }, proposals: readonly SlotProposal[], form: TemplateForm): FilledForm {
  const slots = slotsOf(template);
  const texts = slots.flatMap((slot): Omit<FilledText, 'problem'>[] => {
    if (slot.kind !== 'text') return [];
    const candidates = (proposals.find(({ key }) => key === slot.key)?.candidates ?? []).filter(({ value }) => cleanValue(value) !== '');
    const source = sourceOf(template, slot) ?? candidates[0]?.source ?? null;
    const edit = form.edits[slot.key];
    if (edit) {
      // Whoever types what was proposed has it from there.
      const from = edit.candidate ?? candidates.find(({ value }) => cleanValue(value) === cleanValue(edit.text)) ?? null;
      return [{ slot, text: edit.text, from, isTyped: from === null && edit.text.trim() !== '', candidates, source, removed: edit.removed }];
    }
    const best = candidates[0] ?? null;
    return [{ slot, ...(best ? tidyText(best.value) : { text: '', removed: null }), from: best, isTyped: false, candidates, source }];
  });
  const place = readPlace(form.place);
  const { file } = form;
  const isFileReady = file !== null && file.sha256 !== null && file.status.state === 'ready';
  const values: TemplateValues = { texts: Object.fromEntries(texts.map(({ slot, text }) => [slot.key, cleanValue(text)])), place, filename: file?.filename ?? null };
  const problems = judgeValues(template, values, isFileReady);
  return {
    texts: texts.map((filled) => ({ ...filled, problem: problems.find(({ key }) => key === filled.slot.key) ?? null })),
    header: slots.find((slot) => slot.kind !== 'text') ?? null,
    values,
    problems,
    input:
      problems.length > 0
        ? null
        : {
            key: template.key,
            // An optional one that is empty is left out: Meta takes no empty parameter.
            texts: Object.fromEntries(Object.entries(values.texts).filter(([, text]) => text !== '')),
            place,
            file: isFileReady ? { sha256: file.sha256!, filename: file.filename } : null,
          },
  };
}

function readPlace({ latitude, longitude, name, address }: TemplateForm['place']): TemplatePlace | null {
  const point = { latitude: readDegrees(latitude, 90), longitude: readDegrees(longitude, 180) };
  if (point.latitude === null || point.longitude === null) return null;
  return { latitude: point.latitude, longitude: point.longitude, name: name.trim() || null, address: address.trim() || null };
}
