/**
 * How Meta's reviewers decide, as far as a program can tell: wording that sells in a utility template, questions for secret numbers,
 * characters that look like spam, a text in another language than it says.
 */
import { bodyOf, footerOf, headerOf, withoutPlaceholders } from './components.ts';
import type { Template } from './template.ts';

export type Verdict = { status: 'APPROVED'; reason: 'NONE' } | { status: 'REJECTED'; reason: 'PROMOTIONAL' | 'SCAM' | 'INVALID_FORMAT' | 'TAG_CONTENT_MISMATCH' };

const SELLING =
  /\b(ofertas?|oferton|descuentos?|promocion(es)?|promo|promos|gratis|rebajas?|liquidacion|cupon(es)?|aprovecha|aproveche|compra ya|compre ya|2x1|discounts?|special offers?|offers?|promotions?|coupons?|limited time|buy now|on sale|for free|deals?)\b|\d ?% (off|menos)/;
const SECRETS =
  /\b(numero (completo )?de (su |tu )?tarjeta|cvv|contrasena|numero (completo )?de (su |tu )?(cuenta|dpi)|pin de (su |tu )?tarjeta|card number|full account number|social security number|password)\b/;
const SPAM = /([!?¡¿$#*_~])\1{2,}|[^\P{Cc}\n\r\t]|\n{4,}/u;
const SPANISH = new Set(['el', 'la', 'los', 'las', 'de', 'su', 'que', 'para', 'con', 'por', 'una', 'está', 'fue', 'hola', 'estimado', 'y', 'es', 'en']);
const ENGLISH = new Set(['the', 'of', 'your', 'that', 'for', 'with', 'by', 'is', 'was', 'hello', 'dear', 'and', 'has', 'have', 'we', 'you', 'been']);

export function review({ category, language, components }: Pick<Template, 'category' | 'language' | 'components'>): Verdict {
  const header = headerOf(components);
  const text = withoutPlaceholders([header?.format === 'TEXT' ? header.text : '', bodyOf(components)?.text ?? '', footerOf(components)?.text ?? ''].join('\n'));
  const plain = text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase();
  if (SECRETS.test(plain)) return { status: 'REJECTED', reason: 'SCAM' };
  if (SPAM.test(text)) return { status: 'REJECTED', reason: 'INVALID_FORMAT' };
  if (category === 'UTILITY' && SELLING.test(plain)) return { status: 'REJECTED', reason: 'PROMOTIONAL' };
  const words = text.toLowerCase().split(/[^\p{L}]+/u);
  const [spanish, english] = [SPANISH, ENGLISH].map((known) => words.filter((word) => known.has(word)).length);
  const [own, other] = language.startsWith('es') ? [spanish, english] : language.startsWith('en') ? [english, spanish] : [1, 0];
  if (own === 0 && (other ?? 0) >= 4) return { status: 'REJECTED', reason: 'TAG_CONTENT_MISMATCH' };
  return { status: 'APPROVED', reason: 'NONE' };
}
