/** Lines of a file for spreadsheets. Invariant: no cell can be taken for a formula (OWASP, "CSV Injection"): one that begins like one gets an apostrophe. */

const FORMULA = /^[=+\-@\t\r]/;
const PHONE = /^\+\d[\d ]{5,20}$/;
/** For spreadsheets that would otherwise take UTF-8 for something else. */
export const BYTE_ORDER_MARK = '\u{FEFF}';

/** RFC 4180. */
function cell(text: string): string {
  const safe = FORMULA.test(text) && !PHONE.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csvLine = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`;
