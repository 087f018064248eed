/** The parts of a template as `POST …/message_templates` takes them (Graph API, "Template components"): their outline only, limits are judged apart. */
import { z } from 'zod';

const named = z.array(z.strictObject({ param_name: z.string(), example: z.string() }));
const mediaExample = z.strictObject({ header_handle: z.tuple([z.string().min(1)], 'must hold one handle of an upload') });
const media = <F extends 'IMAGE' | 'VIDEO' | 'DOCUMENT' | 'GIF'>(format: F) => z.strictObject({ type: z.literal('HEADER'), format: z.literal(format), example: mediaExample });

const headerSchema = z.discriminatedUnion('format', [
  z.strictObject({
    type: z.literal('HEADER'),
    format: z.literal('TEXT'),
    text: z.string(),
    example: z.strictObject({ header_text: z.array(z.string()).optional(), header_text_named_params: named.optional() }).optional(),
  }),
  media('IMAGE'),
  media('VIDEO'),
  media('DOCUMENT'),
  media('GIF'),
  z.strictObject({ type: z.literal('HEADER'), format: z.literal('LOCATION') }),
]);
const bodySchema = z.strictObject({
  type: z.literal('BODY'),
  /** Not of an AUTHENTICATION template: Meta writes that text. */
  text: z.string().optional(),
  add_security_recommendation: z.boolean().optional(),
  example: z.strictObject({ body_text: z.array(z.array(z.string(), 'must be an array in an array')).optional(), body_text_named_params: named.optional() }).optional(),
});
const footerSchema = z.strictObject({ type: z.literal('FOOTER'), text: z.string().optional(), code_expiration_minutes: z.number().int().min(1).max(90).optional() });

const label = z.string();
const buttonSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('QUICK_REPLY'), text: label }),
  z.strictObject({ type: z.literal('URL'), text: label, url: z.string(), example: z.array(z.string()).optional() }),
  z.strictObject({ type: z.literal('PHONE_NUMBER'), text: label, phone_number: z.string() }),
  z.strictObject({ type: z.literal('COPY_CODE'), text: label.optional(), example: z.union([z.string(), z.tuple([z.string()]).transform(([code]) => code)]) }),
  z.strictObject({ type: z.literal('VOICE_CALL'), text: label }),
  z.strictObject({
    type: z.literal('FLOW'),
    text: label,
    flow_id: z.string().optional(),
    flow_name: z.string().optional(),
    flow_json: z.string().optional(),
    flow_action: z.enum(['navigate', 'data_exchange']).optional(),
    navigate_screen: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('OTP'), text: label.optional(), otp_type: z.enum(['COPY_CODE', 'ONE_TAP', 'ZERO_TAP']), supported_apps: z.array(z.looseObject({})).optional() }),
  z.strictObject({ type: z.literal('CATALOG'), text: label }),
  z.strictObject({ type: z.literal('MPM'), text: label }),
]);
const buttonsSchema = z.strictObject({ type: z.literal('BUTTONS'), buttons: z.array(buttonSchema) });

export const componentSchema = z.discriminatedUnion('type', [headerSchema, bodySchema, footerSchema, buttonsSchema]);
export const componentsSchema = z.array(componentSchema);
export type Component = z.infer<typeof componentSchema>;
export type Header = z.infer<typeof headerSchema>;
export type Body = z.infer<typeof bodySchema>;
export type Footer = z.infer<typeof footerSchema>;
export type Button = z.infer<typeof buttonSchema>;

export const headerOf = (components: readonly Component[]): Header | null => components.find((component) => component.type === 'HEADER') ?? null;
export const bodyOf = (components: readonly Component[]): Body | null => components.find((component) => component.type === 'BODY') ?? null;
export const footerOf = (components: readonly Component[]): Footer | null => components.find((component) => component.type === 'FOOTER') ?? null;
export const buttonsOf = (components: readonly Component[]): readonly Button[] => components.find((component) => component.type === 'BUTTONS')?.buttons ?? [];

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
/** What stands between double braces, each once, in the order of their first place. */
export const placeholdersOf = (text: string): string[] => [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''))];
/** The text without its placeholders. */
export const withoutPlaceholders = (text: string): string => text.replaceAll(PLACEHOLDER, ' ');
