/**
 * Links that lead to a place in Bandeja: `bandeja://open/<workspace>/<conversation>[/<message>]`, ids percent-encoded. They
 * come from outside (another program, a customer's text): a link names a place and can do nothing else.
 */
export type DeepLink = {
  /** How the id of the workspace's log begins: a link of another team opens nothing here. */
  workspace: string;
  conversationId: string;
  /** Null: the conversation as it is. */
  messageId: string | null;
};

export const DEEP_LINK_SCHEME = 'bandeja';
const WORKSPACE_CHARS = 8;
const LENGTH_MAX = 600;
const ID_MAX = 128;
const PART = '[A-Za-z0-9._~%-]+';
const PATTERN = new RegExp(`^${DEEP_LINK_SCHEME}://open/(${PART})/(${PART})(?:/(${PART}))?/?$`, 'i');
/** The same within a text. */
export const DEEP_LINK_IN_TEXT = new RegExp(`\\b${DEEP_LINK_SCHEME}://open/${PART}/${PART}(?:/${PART})?`, 'gi');

export const workspaceOf = (logId: string): string => logId.slice(0, WORKSPACE_CHARS);

export const writeDeepLink = ({ workspace, conversationId, messageId }: DeepLink): string =>
  `${DEEP_LINK_SCHEME}://open/${[workspace, conversationId, ...(messageId === null ? [] : [messageId])].map(encode).join('/')}`;

/** Null: it is no such link. */
export function readDeepLink(text: string): DeepLink | null {
  if (text.length > LENGTH_MAX) return null;
  const [, workspace, conversation, message] = PATTERN.exec(text.trim()) ?? [];
  const ids = [workspace, conversation, message].map(decode);
  const [workspaceId, conversationId, messageId] = ids;
  if (!workspaceId || !conversationId || messageId === '' || ids.includes('')) return null;
  return { workspace: workspaceId, conversationId, messageId: messageId ?? null };
}

/** `encodeURIComponent` leaves some characters that end a link in a text. */
const encode = (id: string): string => encodeURIComponent(id).replaceAll(/['()*!]/g, (character) => `%${character.codePointAt(0)!.toString(16).toUpperCase()}`);

/** Undefined: there is none; empty: it can be none. */
function decode(part: string | undefined): string | undefined {
  if (part === undefined) return undefined;
  try {
    const id = decodeURIComponent(part);
    // oxlint-disable-next-line no-control-regex
    return id.length <= ID_MAX && !/[\u0000-\u001f\u007f]/.test(id) ? id : '';
  } catch {
    return '';
  }
}
