/** Notices of the operating system in words, in the agent's language; the window's own texts do not reach this process. */
import { assertNever } from '../../../contract/app-error.ts';
import type { Notice, Preferences } from '../../../contract/entities.ts';

const TEXTS = {
  es: {
    messages: (name: string, count: number) => `${name} (${count} mensajes)`,
    assigned: (by: string) => `${by} te asignó una conversación`,
    assignedInTurn: 'Te toca una conversación',
    mention: (by: string, name: string) => `${by} te mencionó · ${name}`,
    failed: (name: string) => `No se entregó a ${name}`,
    windowClosing: (name: string) => `${name} espera respuesta`,
    windowClosesAt: (at: string) => `La ventana de 24 horas se cierra a las ${at}.`,
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
  const texts = TEXTS[language === 'system' ? (systemLocale.toLowerCase().startsWith('en') ? 'en' : 'es') : language];
  return { ...titleAndBody(notice, texts), replyPlaceholder: texts.reply, mayReply: notice.kind === 'message' || notice.kind === 'window_closing' };
}

const bodyOf = ({ text, subject }: Extract<Notice, { kind: 'message' | 'failed' }>, texts: (typeof TEXTS)['es']): string =>
  [subject && texts.subjects[subject], text].filter(Boolean).join(': ') || texts.noText;

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
    case 'window_closing': {
      const at = new Intl.DateTimeFormat('es-GT', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(notice.closesAt);
      return { title: texts.windowClosing(name), body: texts.windowClosesAt(at) };
    }
    case 'snooze_ended':
      return { title: texts.snoozeEnded(name), body: texts.snoozeEndedText };
    default:
      return assertNever(notice);
  }
}
