/** Meta's error codes (`contract/whatsapp/error-codes.ts`) and our own, in words. A family stands under its first code. */
import { META_ERRORS_EN, OWN_ERRORS_EN, UNKNOWN_ERROR_EN } from './meta-errors-en.ts';
import { META_ERRORS_ES, OWN_ERRORS_ES, UNKNOWN_ERROR_ES } from './meta-errors-es.ts';

export const metaErrors = {
  es: { code: META_ERRORS_ES, own: OWN_ERRORS_ES, unknown: UNKNOWN_ERROR_ES },
  en: { code: META_ERRORS_EN, own: OWN_ERRORS_EN, unknown: UNKNOWN_ERROR_EN },
};
export type MetaErrorCode = keyof typeof META_ERRORS_ES;
