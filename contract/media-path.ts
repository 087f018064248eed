/**
 * Where a window gets the files of messages: `/media/<token>/<sha256>`, with `?thumbnail` for the small picture and
 * `?download=<name>` to save it. In the browser shell the token is HMAC-SHA256 of MEDIA_TOKEN_PURPOSE under the run's secret
 * (base64url), because an address in a page cannot carry a header; in Electron the protocol itself is ours and it is `-`.
 */
export const MEDIA_PATH = '/media/';
export const MEDIA_TOKEN_PURPOSE = 'bandeja media 1';
export const NO_MEDIA_TOKEN = '-';
