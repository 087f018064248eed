/** Ways out of the window; whatever comes from outside leads only to the web. */

/** Five decimals are about a metre. Always with a point, as maps and other programs read them. */
export const coordinatesText = (latitude: number, longitude: number): string => `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;

/** Google, "Maps URLs": opens the app where there is one, else the page. */
export const mapsLink = (latitude: number, longitude: number): string => `https://www.google.com/maps/search/?api=1&query=${latitude},${longitude}`;

/** Null for everything but a whole http or https address. */
export function webLink(url: string | null): string | null {
  if (url === null) return null;
  const parsed = URL.parse(url.trim());
  return parsed && (parsed.protocol === 'https:' || parsed.protocol === 'http:') ? parsed.href : null;
}
