/** The columns of a file of drafts and what became of them. */
import type { ReviewItem } from '../../../../contract/ai/ai-views.ts';
import type { EditClass } from '../../../../contract/ai/ai-words.ts';
import { BYTE_ORDER_MARK, csvLine } from '../../requests/csv-line.ts';
import { localTime } from '../../hours/calendar.ts';
import type { Zone } from '../../hours/zone.ts';

const CLASS_NAMES: Record<EditClass, string> = { as_is: 'tal cual', light: 'cambio leve', heavy: 'cambio grande', discarded: 'descartado' };
const ERASED = '(borrado)';

const COLUMNS: readonly { header: string; read: (item: ReviewItem, at: string) => string }[] = [
  { header: 'fecha', read: (_, at) => at },
  { header: 'agente', read: ({ draft }) => draft.decidedBy?.name ?? '' },
  { header: 'conversacion', read: ({ conversationName }) => conversationName },
  { header: 'tema', read: ({ topic }) => topic },
  { header: 'automatico', read: ({ isAutomatic }) => (isAutomatic ? 'si' : 'no') },
  { header: 'resultado', read: ({ editClass }) => CLASS_NAMES[editClass] },
  { header: 'cambio %', read: ({ distance }) => String(Math.round(distance * 100)) },
  { header: 'motivo', read: ({ draft }) => draft.reason ?? '' },
  { header: 'pregunta', read: ({ question, draft }) => (draft.body === null ? ERASED : question) },
  { header: 'borrador', read: ({ draft }) => draft.body?.text ?? ERASED },
  { header: 'enviado', read: ({ sent, draft }) => (draft.body === null ? ERASED : (sent ?? '')) },
  { header: 'revision', read: ({ review }) => (review === null ? '' : review.verdict === 'good' ? 'bien' : 'mal') },
  { header: 'motivo de la revision', read: ({ review }) => review?.reason ?? '' },
  { header: 'nota', read: ({ review }) => review?.note ?? '' },
  { header: 'corregido', read: ({ isCorrected }) => (isCorrected ? 'si' : 'no') },
  { header: 'id', read: ({ draft }) => draft.draftId },
];

export const qualityHeader = (): string => `${BYTE_ORDER_MARK}${csvLine(COLUMNS.map(({ header }) => header))}`;
/** @param decidedAt ms. */
export const qualityRow = (item: ReviewItem, decidedAt: number, zone: Zone): string => csvLine(COLUMNS.map(({ read }) => read(item, localTime(decidedAt, zone))));
export const qualityFileName = (from: number, to: number, zone: Zone): string => `calidad-${localTime(from, zone).slice(0, 10)}-${localTime(to - 1, zone).slice(0, 10)}.csv`;
