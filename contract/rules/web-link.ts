/** Whether a text is a link that a customer can open: http or https, with a host that is no bare word. */
export function isWebLink(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).hostname.includes('.');
}
