/** Webhooks about templates in Meta's shape (Webhooks reference, `message_template_*` and `template_category_update`). Ids are JSON integers there, and languages have a hyphen. */
import type { WebhookUpdate } from '../webhook-sender.ts';
import { bodyOf, buttonsOf, footerOf, headerOf } from './components.ts';
import type { Template } from './template.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
export type StatusEvent = Template['status'] | 'PENDING_DELETION' | 'DELETED' | 'FLAGGED' | 'REINSTATED' | 'LOCKED';

const identity = ({ id, name, language }: Template): Record<string, unknown> => ({
  message_template_id: BigInt(id),
  message_template_name: name,
  message_template_language: language.replace('_', '-'),
});

export const statusUpdate = (template: Template, event: StatusEvent, now: number): WebhookUpdate => ({
  field: 'message_template_status_update',
  value: {
    event,
    ...identity(template),
    reason: template.rejectedReason,
    message_template_category: template.category,
    ...(event === 'REJECTED' && {
      rejection_info: { reason: REJECTION_TEXTS[template.rejectedReason] ?? 'The template does not comply with the guidelines.', recommendation: 'Change the template and submit it again.' },
    }),
    ...(event === 'PAUSED' && { other_info: { title: 'FIRST_PAUSE', description: 'The template has been paused for 3 hours because its quality is low.' } }),
    ...(event === 'DISABLED' && { disable_info: { disable_date: Math.floor(now / 1000) } }),
  },
});

const REJECTION_TEXTS: Partial<Record<Template['rejectedReason'], string>> = {
  PROMOTIONAL: 'The content is promotional, which a utility template cannot be.',
  INVALID_FORMAT: 'The placeholders or special characters are not formatted correctly.',
  TAG_CONTENT_MISMATCH: 'The language or category does not match the content.',
  SCAM: 'The template asks for sensitive information.',
};

export const qualityUpdate = (template: Template, previous: Template['quality']): WebhookUpdate => ({
  field: 'message_template_quality_update',
  value: { previous_quality_score: previous, new_quality_score: template.quality, ...identity(template) },
});

export const categoryUpdate = (template: Template, previous: Template['category']): WebhookUpdate => ({
  field: 'template_category_update',
  value: { ...identity(template), previous_category: previous, new_category: template.category },
});

/** The early notice: `new_category` is what it is now, `correct_category` what it will be in a day. */
export const categoryNotice = (template: Template, coming: Template['category'], now: number): WebhookUpdate => ({
  field: 'template_category_update',
  value: { ...identity(template), correct_category: coming, new_category: template.category, category_update_timestamp: Math.floor((now + DAY_MS) / 1000) },
});

export const componentsUpdate = (template: Template): WebhookUpdate => {
  const header = headerOf(template.components);
  const footer = footerOf(template.components)?.text;
  const buttons = buttonsOf(template.components).map((button) => ({
    message_template_button_type: button.type,
    ...(button.text !== undefined && { message_template_button_text: button.text }),
    ...(button.type === 'URL' && { message_template_button_url: button.url }),
    ...(button.type === 'PHONE_NUMBER' && { message_template_button_phone_number: button.phone_number }),
  }));
  return {
    field: 'message_template_components_update',
    value: {
      ...identity(template),
      ...(header?.format === 'TEXT' && { message_template_title: header.text }),
      message_template_element: bodyOf(template.components)?.text ?? '',
      ...(footer !== undefined && { message_template_footer: footer }),
      ...(buttons.length > 0 && { message_template_buttons: buttons }),
    },
  };
};
