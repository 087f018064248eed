/**
 * Numbers that WhatsApp writes in two ways: the same person appears under either. Only for joining records that are there;
 * messages go to the wa_id exactly as Meta gave it. Source: Cloud API, "Phone numbers" (Mexico, Argentina, Brazil).
 */
type Rule = { shape: RegExp; write: (first: string, second: string) => string };

const RULES: readonly Rule[] = [
  // Mexico: 52 1 + 10 digits, or 52 + 10 digits.
  { shape: /^521([2-9]\d{9})$/, write: (national) => `52${national}` },
  { shape: /^52([2-9]\d{9})$/, write: (national) => `521${national}` },
  // Argentina: 54 9 + 10 digits, or 54 + 10 digits.
  { shape: /^549([1-8]\d{9})$/, write: (national) => `54${national}` },
  { shape: /^54([1-8]\d{9})$/, write: (national) => `549${national}` },
  // Brazil: a mobile number with or without the ninth digit after the area code.
  { shape: /^55([1-9]\d)9([6-9]\d{7})$/, write: (area, local) => `55${area}${local}` },
  { shape: /^55([1-9]\d)([6-9]\d{7})$/, write: (area, local) => `55${area}9${local}` },
];

/** @param digits with country code. @returns the other way to write the same number, null where there is none. */
export function phoneTwin(digits: string): string | null {
  for (const { shape, write } of RULES) {
    const match = shape.exec(digits);
    if (match) return write(match[1] ?? '', match[2] ?? '');
  }
  return null;
}
