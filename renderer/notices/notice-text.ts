/** A notice in words. */
import type { Notice } from '../../contract/entities.ts';
import { assertNever } from '../../contract/app-error.ts';
import type { Formats } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';

export function noticeTitle(notice: Notice, t: Translate): string {
  const { name } = notice;
  switch (notice.kind) {
    case 'message':
      return notice.count > 1 ? t('notices.messages', { name, count: notice.count }) : name;
    case 'assigned':
      return notice.by === null ? t('notices.assignedInTurn') : t('notices.assigned', { by: notice.by });
    case 'mention':
      return t('notices.mention', { by: notice.by, name });
    case 'failed':
      return t('notices.failed', { name });
    case 'window_closing':
      return t('notices.windowClosing', { name });
    case 'target_closing':
      return t('notices.targetClosing', { name });
    case 'target_missed':
      return t('notices.targetMissed', { name });
    case 'snooze_ended':
      return t('notices.snoozeEnded', { name });
    default:
      return assertNever(notice);
  }
}

export function noticeBody(notice: Notice, t: Translate, format: Formats): string {
  switch (notice.kind) {
    case 'message':
    case 'failed': {
      const { text, subject } = notice;
      const what = subject && t(`content.${subject}`, { count: 1 });
      return [what, text].filter(Boolean).join(': ') || t('notices.noText');
    }
    case 'mention':
      return notice.text || t('notices.noText');
    case 'assigned':
      return notice.name;
    case 'window_closing':
      return t('notices.windowClosesAt', { at: format.clock(notice.closesAt) });
    case 'target_closing':
      return t('notices.targetDueAt', { at: format.clock(notice.dueAt) });
    case 'target_missed':
      return t('notices.targetMissedText', { at: format.clock(notice.dueAt) });
    case 'snooze_ended':
      return t('notices.snoozeEndedText');
    default:
      return assertNever(notice);
  }
}
