/** Coordinates out of what people paste: a link of a map, or the numbers themselves. */

/** Degrees. */
export type Point = { latitude: number; longitude: number };

const NUMBER = String.raw`(-?\d{1,3}(?:\.\d+)?)`;
const PAIR = new RegExp(String.raw`^\(?\s*${NUMBER}\s*°?\s*[,;\s]\s*${NUMBER}\s*°?\s*\)?$`);
/** 14°38'05.6"N 90°30'24.8"W */
const SEXAGESIMAL = /^(\d{1,2})\s*°\s*(\d{1,2})\s*['′]\s*([\d.]+)\s*["″]\s*([NS])[,\s]+(\d{1,3})\s*°\s*(\d{1,2})\s*['′]\s*([\d.]+)\s*["″]\s*([EWO])$/i;
/** In links, the most exact first: Google's marker, `q=` and its relatives, OpenStreetMap's marker and view, Google's view. */
const IN_LINKS = [
  new RegExp(String.raw`!3d${NUMBER}!4d${NUMBER}`),
  new RegExp(String.raw`[?&](?:q|query|ll|sll|destination|daddr|center|coordinate)=(?:loc:)?${NUMBER}\s*,\s*${NUMBER}`),
  new RegExp(String.raw`[?&]mlat=${NUMBER}&mlon=${NUMBER}`),
  new RegExp(String.raw`#map=[\d.]+/${NUMBER}/${NUMBER}`),
  new RegExp(String.raw`@${NUMBER},${NUMBER}`),
  new RegExp(String.raw`/(?:search|place|dir)/\+?${NUMBER},[+\s]*${NUMBER}`),
  new RegExp(String.raw`^geo:${NUMBER},${NUMBER}`),
];

/** Null: there are none in it, or they are not on earth. */
export function parseLocation(pasted: string): Point | null {
  const text = decode(pasted.trim());
  const found = PAIR.exec(text) ?? (/^(?:https?:|geo:)/i.test(text) ? firstMatch(text) : null);
  if (found) return toPoint(Number(found[1]), Number(found[2]));
  const parts = SEXAGESIMAL.exec(text);
  return parts ? toPoint(toDegrees(parts.slice(1, 5), 'S'), toDegrees(parts.slice(5, 9), 'WO')) : null;
}

function firstMatch(text: string): RegExpExecArray | null {
  for (const pattern of IN_LINKS) {
    const found = pattern.exec(text);
    if (found) return found;
  }
  return null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const toDegrees = ([degrees, minutes, seconds, side]: readonly (string | undefined)[], negative: string): number =>
  (Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600) * (negative.includes((side ?? '').toUpperCase()) ? -1 : 1);

function toPoint(latitude: number, longitude: number): Point | null {
  const isOnEarth = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return isOnEarth ? { latitude: round(latitude), longitude: round(longitude) } : null;
}

/** Some ten centimetres. */
const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

/** A number that was typed, with a comma or a point; null: it is none, or beyond `limit`. */
export function readDegrees(typed: string, limit: 90 | 180): number | null {
  const text = typed.trim().replace(',', '.');
  const degrees = Number(text);
  return text !== '' && Number.isFinite(degrees) && Math.abs(degrees) <= limit ? round(degrees) : null;
}
