/** What Meta refuses in the buttons of a template (Graph API, "Template components", Buttons). */
import type { GraphError } from '../graph-errors.ts';
import type { Button } from './components.ts';
import { invalid, SUBCODE } from './template.ts';

const BUTTONS_MAX = 10;
const LABEL_MAX = 25;
const URL_MAX = 2000;
const PHONE_MAX = 20;
const CODE_MAX = 15;
const MAX_OF_TYPE: Record<Button['type'], number> = { QUICK_REPLY: 10, URL: 2, PHONE_NUMBER: 1, COPY_CODE: 1, VOICE_CALL: 1, FLOW: 1, OTP: 1, CATALOG: 1, MPM: 1 };

/** @param at path of the component. */
export function checkButtons(buttons: readonly Button[], at: string): GraphError | null {
  const list = `${at}.buttons`;
  if (buttons.length === 0) return invalid(list, 'is empty', SUBCODE.partIsMissing);
  if (buttons.length > BUTTONS_MAX) return invalid(list, `${buttons.length} buttons, ${BUTTONS_MAX} are allowed`);
  for (const type of new Set(buttons.map((button) => button.type))) {
    const count = buttons.filter((button) => button.type === type).length;
    if (count > MAX_OF_TYPE[type]) return invalid(list, `${count} buttons of type ${type}, ${MAX_OF_TYPE[type]} allowed`);
  }
  const changes = buttons.filter((button, index) => index > 0 && (button.type === 'QUICK_REPLY') !== (buttons[index - 1]?.type === 'QUICK_REPLY')).length;
  if (changes > 1) return invalid(list, 'quick replies must stand together, before or after the other buttons');
  for (const [index, button] of buttons.entries()) {
    const wrong = checkButton(button, `${list}[${index}]`);
    if (wrong) return wrong;
  }
  return null;
}

function checkButton(button: Button, at: string): GraphError | null {
  if (button.text !== undefined) {
    if (button.text.trim() === '') return invalid(`${at}.text`, 'is empty', SUBCODE.partIsMissing);
    if (button.text.length > LABEL_MAX) return invalid(`${at}.text`, `has ${button.text.length} characters, ${LABEL_MAX} are allowed`, SUBCODE.tooLong);
    if (/\{\{|\}\}/.test(button.text)) return invalid(`${at}.text`, 'a button text cannot have variables');
  }
  switch (button.type) {
    case 'URL':
      return checkUrl(button, at);
    case 'PHONE_NUMBER':
      if (button.phone_number.length > PHONE_MAX) return invalid(`${at}.phone_number`, `has ${button.phone_number.length} characters, ${PHONE_MAX} are allowed`, SUBCODE.tooLong);
      return /^\+?[0-9][0-9 ()-]{3,}$/.test(button.phone_number) ? null : invalid(`${at}.phone_number`, 'is not a phone number');
    case 'COPY_CODE':
      if (button.example.trim() === '') return invalid(`${at}.example`, 'is empty', SUBCODE.partIsMissing);
      return button.example.length > CODE_MAX ? invalid(`${at}.example`, `has ${button.example.length} characters, ${CODE_MAX} are allowed`, SUBCODE.tooLong) : null;
    case 'FLOW':
      return button.flow_id === undefined && button.flow_name === undefined && button.flow_json === undefined ? invalid(`${at}.flow_id`, 'is missing', SUBCODE.partIsMissing) : null;
    default:
      return null;
  }
}

function checkUrl({ url, example }: Extract<Button, { type: 'URL' }>, at: string): GraphError | null {
  const field = `${at}.url`;
  if (url.length > URL_MAX) return invalid(field, `has ${url.length} characters, ${URL_MAX} are allowed`, SUBCODE.tooLong);
  const fixed = url.replace(/\{\{1\}\}$/, '');
  if (/[{}]/.test(fixed)) return invalid(field, 'one variable, {{1}}, is allowed, at the very end');
  if (!/^https?:\/\/[^\s/]+/.test(fixed) || !URL.canParse(fixed)) return invalid(field, 'is not a web address');
  if (fixed === url) return null;
  return example?.length === 1 && example[0]?.trim() ? null : invalid(`${at}.example`, 'must be an array with one sample', SUBCODE.partIsMissing);
}
