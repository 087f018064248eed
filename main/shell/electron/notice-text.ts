/** Notices of the operating system in words, in the agent's language; the window's own texts do not reach this process. */
import { assertNever } from '../../../contract/app-error.ts';
import type { Notice, Preferences } from '../../../contract/entities.ts';
import { shellLanguageOf } from './shell-language.ts';

const TEXTS = {
  es: {
    messages: (name: string, count: number) => `${name} (${count} mensajes)`,
    assigned: (by: string) => `${by} te asignó una conversación`,
    assignedInTurn: 'Te toca una conversación',
    mention: (by: string, name: string) => `${by} te mencionó · ${name}`,
    failed: (name: string) => `No se entregó a ${name}`,
    windowClosing: (name: string) => `${name} espera respuesta`,
    windowClosesAt: (at: string) => `La ventana de 24 horas se cierra a las ${at}.`,
    targetClosing: (name: string) => `${name} espera respuesta`,
    targetDueAt: (at: string) => `Conviene responder antes de las ${at}.`,
    targetMissed: (name: string) => `Nadie ha respondido a ${name}`,
    targetMissedText: (at: string) => `Esperaba respuesta a las ${at}, y nadie tiene la conversación.`,
    snoozeEnded: (name: string) => `${name} vuelve a la bandeja`,
    snoozeEndedText: 'Terminó el tiempo que la apartaste.',
    noText: 'Mensaje sin texto',
    subjects: {
      image: 'Foto',
      video: 'Video',
      voice: 'Nota de voz',
      audio: 'Audio',
      sticker: 'Sticker',
      document: 'Documento',
      location: 'Ubicación',
      contacts: 'Contacto',
      flow_reply: 'Formulario contestado',
      order: 'Pedido',
    },
    reply: 'Responder',
  },
  en: {
    messages: (name: string, count: number) => `${name} (${count} messages)`,
    assigned: (by: string) => `${by} gave you a conversation`,
    assignedInTurn: 'It is your turn: a conversation',
    mention: (by: string, name: string) => `${by} mentioned you · ${name}`,
    failed: (name: string) => `Not delivered to ${name}`,
    windowClosing: (name: string) => `${name} waits for an answer`,
    windowClosesAt: (at: string) => `The 24-hour window closes at ${at}.`,
    targetClosing: (name: string) => `${name} waits for an answer`,
    targetDueAt: (at: string) => `It is best to answer before ${at}.`,
    targetMissed: (name: string) => `Nobody has answered ${name}`,
    targetMissedText: (at: string) => `An answer was due at ${at}, and nobody has the conversation.`,
    snoozeEnded: (name: string) => `${name} is back in the inbox`,
    snoozeEndedText: 'The time you snoozed it for is over.',
    noText: 'Message without text',
    subjects: {
      image: 'Photo',
      video: 'Video',
      voice: 'Voice note',
      audio: 'Audio',
      sticker: 'Sticker',
      document: 'Document',
      location: 'Location',
      contacts: 'Contact',
      flow_reply: 'Form filled in',
      order: 'Order',
    },
    reply: 'Reply',
  },
};

/** `mayReply`: an answer to the customer makes sense there and then. */
export type NoticeWords = { title: string; body: string; replyPlaceholder: string; mayReply: boolean };

/** @param systemLocale decides where the agent has chosen no language. */
export function wordNotice(notice: Notice, language: Preferences['language'], systemLocale: string): NoticeWords {
  const texts = TEXTS[shellLanguageOf(language === 'system' ? systemLocale : language)];
  return { ...titleAndBody(notice, texts), replyPlaceholder: texts.reply, mayReply: notice.kind === 'message' || notice.kind === 'window_closing' || notice.kind === 'target_closing' };
}

const bodyOf = ({ text, subject }: Extract<Notice, { kind: 'message' | 'failed' }>, texts: (typeof TEXTS)['es']): string =>
  [subject && texts.subjects[subject], text].filter(Boolean).join(': ') || texts.noText;

const clockOf = (at: number): string => new Intl.DateTimeFormat('es-GT', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

function titleAndBody(notice: Notice, texts: (typeof TEXTS)['es']): { title: string; body: string } {
  const { name } = notice;
  switch (notice.kind) {
    case 'message':
      return { title: notice.count > 1 ? texts.messages(name, notice.count) : name, body: bodyOf(notice, texts) };
    case 'assigned':
      return { title: notice.by === null ? texts.assignedInTurn : texts.assigned(notice.by), body: name };
    case 'mention':
      return { title: texts.mention(notice.by, name), body: notice.text };
    case 'failed':
      return { title: texts.failed(name), body: bodyOf(notice, texts) };
    case 'window_closing':
      return { title: texts.windowClosing(name), body: texts.windowClosesAt(clockOf(notice.closesAt)) };
    case 'target_closing':
      return { title: texts.targetClosing(name), body: texts.targetDueAt(clockOf(notice.dueAt)) };
    case 'target_missed':
      return { title: texts.targetMissed(name), body: texts.targetMissedText(clockOf(notice.dueAt)) };
    case 'snooze_ended':
      return { title: texts.snoozeEnded(name), body: texts.snoozeEndedText };
    default:
      return assertNever(notice);
  }
}
