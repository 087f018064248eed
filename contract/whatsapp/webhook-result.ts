/**
 * What became of a webhook entry. `applied`: rows changed. `parked`: a status whose message is not known yet.
 * `merged`: known already. `kept`: stored raw, not shown (yet). `test`: Meta's dashboard button. `unrecognised`: no webhook.
 */
export type WebhookOutcome = 'applied' | 'merged' | 'duplicate' | 'parked' | 'kept' | 'test' | 'unrecognised';
export type WebhookResult = { outcome: WebhookOutcome; messageId: string | null };

/** Id of the message that a webhook entry became. */
export const inboundMessageId = (seq: number): string => `m_${seq}`;
