/** What a number means that somebody types or pastes. Only for finding and beginning conversations: messages go to the wa_id as Meta gave it. */
import { phoneTwin } from '../../../contract/rules/phone-variants.ts';
import { AsYouType, parsePhoneNumberFromString, type CountryCode, type PhoneNumber } from 'libphonenumber-js/min';

/** Where the product is at home: eight digits are a number there. */
const HOME: CountryCode = 'GT';

/** The country of the business. @param ownNumber as Meta shows it. */
export const homeCountryOf = (ownNumber: string | null): CountryCode => (ownNumber === null ? undefined : parsePhoneNumberFromString(ownNumber)?.country) ?? HOME;

export type PhoneInput =
  /** `digits`: with country code, as WhatsApp ids are written. `country`: ISO 3166-1; null where several share the code. */
  { isComplete: true; digits: string; formatted: string; country: string | null } | { isComplete: false; formatted: string | null; country: string | null };

/** @param ownNumber the number of the business as Meta shows it: what is typed without a country code is of its country. */
export function readPhoneInput(text: string, ownNumber: string | null): PhoneInput {
  const typed = text.trim().replace(/^00/, '+');
  const home = homeCountryOf(ownNumber);
  const found = candidates(typed, home).find((number) => number?.isValid());
  if (found) return { isComplete: true, digits: found.number.slice(1), formatted: found.formatInternational(), country: found.country ?? null };
  const typing = new AsYouType(home);
  const formatted = typing.input(typed);
  return { isComplete: false, formatted: formatted === '' ? null : formatted, country: typed.startsWith('+') ? (typing.getCountry() ?? null) : home };
}

/** In the order in which they are meant: as it is written, as a number of the own country, with its country code but without the plus, as eight digits of home. */
function candidates(typed: string, home: CountryCode): (PhoneNumber | undefined)[] {
  if (/[^\d\s+().-]/.test(typed)) return [];
  const parse = (text: string, country?: CountryCode) => parsePhoneNumberFromString(text, country === undefined ? { extract: false } : { defaultCountry: country, extract: false });
  // As WhatsApp writes some numbers, which is not how they are dialled.
  const twin = phoneTwin(typed.replaceAll(/\D/g, ''));
  const asWritten = [parse(`+${typed.replace('+', '')}`), twin === null ? undefined : parse(`+${twin}`)];
  return typed.startsWith('+') ? asWritten : [parse(typed, home), ...asWritten, parse(typed, HOME)];
}
