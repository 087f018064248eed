/** What the first automatic answer of a conversation says of itself. Its word for a person is one that `wishesPerson` knows. */
const NOTICES = {
  es: 'Esta es una respuesta automática. Si prefiere que le atienda una persona, escriba «persona».',
  en: 'This is an automatic reply. If you would rather talk to a person, write “person”.',
  pt: 'Esta é uma resposta automática. Se preferir falar com uma pessoa, escreva «persona».',
} as const;

/** @param language code; every other one reads English. */
export function noticeIn(language: string): string {
  if (/^es\b/i.test(language)) return NOTICES.es;
  return /^pt\b/i.test(language) ? NOTICES.pt : NOTICES.en;
}

/** The words of an answer, without what it said of itself. */
export function withoutNotice(text: string): string {
  const notice = Object.values(NOTICES).find((words) => text.endsWith(`\n\n${words}`));
  return notice === undefined ? text : text.slice(0, -notice.length).trimEnd();
}
