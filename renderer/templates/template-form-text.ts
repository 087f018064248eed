/** The form of a template in words: what a value is called, where it is from, what is wrong with it. */
import type { SlotProblem } from '../../contract/whatsapp/template-slots.ts';
import type { Translate } from '../i18n/i18n.ts';
import type { Candidate, FilledText, Removed } from '../store/template-form.ts';

/** What its author called it; a number by what it stands for, where that is known. */
export function fieldLabel({ slot, source }: Pick<FilledText, 'slot' | 'source'>, t: Translate): string {
  if (slot.button) {
    const { type, text } = slot.button;
    switch (type) {
      case 'URL':
        return t('templatePicker.form.urlEnd', { button: text });
      case 'COPY_CODE':
        return t('templatePicker.form.code', { button: text });
      case 'QUICK_REPLY':
        return t('templatePicker.form.payload', { button: text });
      case 'FLOW':
        return t('templatePicker.form.flow', { button: text });
    }
  }
  if (!/^\d+$/.test(slot.name)) return spell(slot.name);
  if (source !== null) return t(`templatePicker.value.${source}`);
  return slot.part === 'header' ? t('templatePicker.form.header') : t('templatePicker.form.variable', { name: slot.name });
}

/** `fecha_de_entrega` is read as words. */
const spell = (name: string): string => {
  const words = name.replaceAll('_', ' ').trim();
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
};

/** @param reference what people call the request; null: it is not known which. */
export function originText({ origin, label }: Candidate, reference: string | null, t: Translate): string {
  if (origin === 'request') return reference === null || reference === '' ? t('templatePicker.origin.aRequest') : t('templatePicker.origin.request', { reference });
  return origin === 'attribute' ? t('templatePicker.origin.attribute', { label: label ?? '' }) : t(`templatePicker.origin.${origin}`);
}

export function removedText({ breaks, tabs, spaces, others }: Removed, t: Translate): string {
  const list = [
    breaks > 0 && t('templatePicker.removed.breaks', { count: breaks }),
    tabs > 0 && t('templatePicker.removed.tabs', { count: tabs }),
    spaces > 0 && t('templatePicker.removed.spaces'),
    others > 0 && t('templatePicker.removed.others', { count: others }),
  ].filter((part) => part !== false);
  return t('templatePicker.removed.text', { list: list.join(', ') });
}

export function problemText({ reason, limit }: SlotProblem, text: string, t: Translate): string {
  switch (reason) {
    case 'empty':
      return t('templatePicker.problem.empty');
    case 'too_long':
      return t('templatePicker.problem.too_long', { count: text.trim().length - (limit ?? 0), limit });
    case 'text_too_long':
      return t('templatePicker.problem.text_too_long', { limit });
  }
}
