/** From Meta's code (or one of our own) to what happened, why, and what to do. */
import { findErrorCode, OWN_ERROR } from '../../contract/whatsapp/error-codes.ts';
import type { Texts, Translate } from '../i18n/i18n.ts';

export type ErrorWords = { what: string; cause: string; fix: string };

const OWN = Object.entries(OWN_ERROR) as [keyof typeof OWN_ERROR, number][];

/** Whether the code says more than that it is unknown: else Meta's own words have to be shown. */
export const isKnownError = (code: number): boolean => findErrorCode(code) !== null || OWN.some(([, own]) => own === code);

export function explainError(code: number | null, t: Translate): ErrorWords {
  const own = OWN.find(([, value]) => value === code)?.[0];
  if (own) return { what: t(`metaErrors.own.${own}.what`), cause: t(`metaErrors.own.${own}.cause`), fix: t(`metaErrors.own.${own}.fix`) };
  // A family stands under its first code.
  const family = code === null ? null : findErrorCode(code);
  // A test walks all families.
  const known = String(family?.code) as keyof Texts['metaErrors']['code'];
  if (family) return { what: t(`metaErrors.code.${known}.what`), cause: t(`metaErrors.code.${known}.cause`), fix: t(`metaErrors.code.${known}.fix`) };
  return { what: t('metaErrors.unknown.what'), cause: t('metaErrors.unknown.cause'), fix: t('metaErrors.unknown.fix') };
}
