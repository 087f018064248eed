/** What a workspace needs before its first customer can be answered, in the order in which it is set up. */
export const SETUP_STEPS = ['role', 'relay', 'number', 'webhook', 'message', 'templates', 'hours', 'ai', 'recovery', 'notices', 'keys'] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];
