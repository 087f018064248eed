/** Meta's error answers (Graph API, "Handle errors"; Cloud API, "Error codes"), in its exact shape. */
import { findErrorCode } from '../../../contract/whatsapp/error-codes.ts';

export type GraphError = {
  code: number;
  /** HTTP status if it is not the usual one of the code. */
  status?: number | undefined;
  details?: string | undefined;
  subcode?: number | undefined;
  type?: 'OAuthException' | 'GraphMethodException' | undefined;
  isTransient?: boolean | undefined;
  /** What Meta's own pages would show; localised there. */
  userTitle?: string | undefined;
  userMsg?: string | undefined;
  /** Seconds in a `Retry-After` header. */
  retryAfterS?: number | undefined;
};

/** HTTP status and body of a refusal. */
export function toGraphAnswer(error: GraphError, fbtraceId: string): { status: number; body: unknown } {
  const known = findErrorCode(error.code);
  const meaning = known?.meaning ?? 'Unknown error';
  return {
    status: error.status ?? known?.http ?? 400,
    body: {
      error: {
        message: `(#${error.code}) ${meaning}`,
        type: error.type ?? 'OAuthException',
        code: error.code,
        ...(error.subcode !== undefined && { error_subcode: error.subcode }),
        ...(error.isTransient !== undefined && { is_transient: error.isTransient }),
        ...(error.userTitle !== undefined && { error_user_title: error.userTitle }),
        ...(error.userMsg !== undefined && { error_user_msg: error.userMsg }),
        error_data: { messaging_product: 'whatsapp', details: error.details ?? meaning },
        fbtrace_id: fbtraceId,
      },
    },
  };
}

/** The answer for an id that does not exist or that the token may not see. */
export const noSuchObject = (id: string): GraphError => ({
  code: 100,
  subcode: 33,
  type: 'GraphMethodException',
  details: `Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
});

/** An element of a failed status' `errors`. */
export function toStatusError(code: number): Record<string, unknown> {
  const title = findErrorCode(code)?.meaning ?? 'Unknown error';
  return { code, title, message: title, error_data: { details: title }, href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/' };
}
