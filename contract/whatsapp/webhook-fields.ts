/** Webhook fields of an app at Meta (App Dashboard → WhatsApp → Configuration). Source: Cloud API, Webhooks, "Reference". */

/** Without it no message and no status comes. */
export const NEEDED_FIELD = 'messages';
/** What else an inbox shows: how templates, number and account stand, and who wants no advertising. */
export const ADVISED_FIELDS = [
  'message_template_status_update',
  'message_template_quality_update',
  'template_category_update',
  'phone_number_quality_update',
  'phone_number_name_update',
  'account_update',
  'account_review_update',
  'account_alerts',
  'business_capability_update',
  'security',
  'user_preferences',
] as const;

/** What a system user's token has to be allowed. */
export const NEEDED_PERMISSIONS = ['whatsapp_business_messaging', 'whatsapp_business_management'] as const;
