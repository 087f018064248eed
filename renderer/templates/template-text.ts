/** Meta's words for templates, in ours. */
import { TEMPLATE_CATEGORIES, TEMPLATE_STATUSES } from '../../contract/whatsapp/template-words.ts';
import type { TemplateIssue } from '../../contract/whatsapp/template-lint.ts';
import type { TemplateRefusal } from '../../contract/work-entities.ts';
import type { Translate } from '../i18n/i18n.ts';

const REASONS = ['ABUSIVE_CONTENT', 'CATEGORY_NOT_AVAILABLE', 'INCORRECT_CATEGORY', 'INVALID_FORMAT', 'PROMOTIONAL', 'SCAM', 'TAG_CONTENT_MISMATCH'] as const;
const QUALITIES = ['GREEN', 'YELLOW', 'RED', 'UNKNOWN'] as const;
const known = <T extends string>(list: readonly T[], word: string): T | null => list.find((one) => one === word) ?? null;

/** `look`: how it is marked; never the only sign. */
export type StatusWords = { name: string; is: string; look: 'good' | 'waiting' | 'bad' | 'off' };

export function statusWords(status: string, t: Translate): StatusWords {
  const one = known(TEMPLATE_STATUSES, status);
  if (one === null) return { name: status, is: t('templates.statusOther', { status }), look: 'off' };
  return { name: t(`templates.status.${one}.name`), is: t(`templates.status.${one}.is`), look: LOOKS[one] };
}
const LOOKS: Record<(typeof TEMPLATE_STATUSES)[number], StatusWords['look']> = {
  APPROVED: 'good',
  PENDING: 'waiting',
  IN_APPEAL: 'waiting',
  FLAGGED: 'waiting',
  PAUSED: 'waiting',
  REJECTED: 'bad',
  DISABLED: 'bad',
  LIMIT_EXCEEDED: 'bad',
  PENDING_DELETION: 'off',
  DELETED: 'off',
  ARCHIVED: 'off',
};

export function categoryName(category: string, t: Translate): string {
  const one = known(TEMPLATE_CATEGORIES, category);
  return one === null ? category : t(`templates.category.${one}.name`);
}

/** What Meta found wrong, and what to do. */
export function rejectionWords(reason: string, t: Translate): { is: string; fix: string } {
  const one = known(REASONS, reason);
  return one === null
    ? { is: t('templates.rejection.other.is', { reason }), fix: t('templates.rejection.other.fix') }
    : { is: t(`templates.rejection.${one}.is`), fix: t(`templates.rejection.${one}.fix`) };
}

export const qualityName = (quality: string, t: Translate): string => t(`templates.quality.${known(QUALITIES, quality) ?? 'UNKNOWN'}`);

/** What is wrong, why WhatsApp refuses it, and how to mend it. */
export function issueWords({ rule, facts }: TemplateIssue, t: Translate): { is: string; why: string; fix: string } {
  const told = {
    ...facts,
    ...('name' in facts && { variable: `{{${facts['name']}}}` }),
    ...('next' in facts && { next: `{{${facts['next']}}}` }),
    ...('expected' in facts && { expected: `{{${facts['expected']}}}` }),
  };
  return { is: t(`templates.rule.${rule}.is`, told), why: t(`templates.rule.${rule}.why`, told), fix: t(`templates.rule.${rule}.fix`, told) };
}

/** Meta's own words, which come in the language of the account. */
export const refusalWords = ({ title, text, code, subcode }: TemplateRefusal, t: Translate): string =>
  t('templates.refused', { text: [title, text].filter((one) => one.trim() !== '').join('. '), code: subcode === null ? String(code) : `${code} / ${subcode}` });
